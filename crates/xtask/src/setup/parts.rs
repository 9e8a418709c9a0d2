//! What each part of the work needs.

use super::{Remedy, Setup};
use crate::tools;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use std::process::Command;

/// A kind of work, and so a list of needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    /// Building and testing the command line.
    Native,
    /// Formatting and lints.
    Checks,
    /// Building the engine for the page.
    Wasm,
    /// Testing the page.
    Browser,
    /// Comparing with real servers.
    Servers,
    /// Building the page.
    Web,
    /// Trying the packages.
    Packages,
}

/// Tools of the WebAssembly build; wasm-bindgen's version is that of the library in `Cargo.lock`. wasm-opt comes from
/// npm, because what Debian's (108) writes fails at run time for this module; why has not been found out.
const WASM_PACK: &str = "0.15.1";
const BINARYEN: &str = "132.0.0";

/// Checks the licences and sources of dependencies.
const CARGO_DENY: &str = "0.20.2";

/// Tools run for seconds, so the time to compile them is what counts.
const QUICKLY_COMPILED: [&str; 2] = ["profile.release.lto=false", "profile.release.codegen-units=16"];

/// How far the compiler optimises a tool: one that reads megabytes would otherwise lose what its compilation wins.
const READS_MEGABYTES: &str = "profile.release.opt-level=1";
const READS_LITTLE: &str = "profile.release.opt-level=0";

/// Programs of Python that the packages are tried with.
const PRE_COMMIT: &str = "4.7.0";
const MATURIN: &str = "1.16.0";

/// Alembic, as `tests/alembic/requirements.txt` has it.
const ALEMBIC: &str = "1.20.1";

/// The server that Debian 12 brings; the other versions come from npm, see `tests/servers`.
const DEBIAN_SERVER: &str = "15";

impl Part {
    /// WebAssembly first: it brings a libclang of its own, with which the native build is content.
    pub(crate) const ALL: [Self; 7] =
        [Self::Wasm, Self::Native, Self::Checks, Self::Browser, Self::Servers, Self::Web, Self::Packages];

    /// Reads a list such as `native,wasm`.
    pub(crate) fn parse(list: &str) -> Result<Vec<Self>> {
        list.split(',')
            .map(|name| match name {
                "native" => Ok(Self::Native),
                "checks" => Ok(Self::Checks),
                "wasm" => Ok(Self::Wasm),
                "browser" => Ok(Self::Browser),
                "servers" => Ok(Self::Servers),
                "web" => Ok(Self::Web),
                "packages" => Ok(Self::Packages),
                _ => bail!("no such part: `{name}` (native, checks, wasm, browser, servers, web, packages)"),
            })
            .collect()
    }

    pub(super) fn ensure(self, setup: &mut Setup) -> Result<()> {
        match self {
            Self::Native => native(setup),
            Self::Checks => checks(setup),
            Self::Wasm => wasm(setup)?,
            Self::Browser => browser(setup),
            Self::Servers => {
                servers(setup);
                alembic(setup);
            }
            Self::Web => npm_packages(setup, "web"),
            Self::Packages => packages(setup),
        }
        Ok(())
    }
}

/// The parser is C, and bindgen reads its header with libclang.
fn native(setup: &mut Setup) {
    setup.need("C compiler", || program("cc"), Remedy::debian(&["gcc", "libc6-dev"]));
    let libclang = || tools::libclang().map(|folder| folder.display().to_string());
    setup.need("libclang", libclang, Remedy::debian(&["libclang-dev"]));
}

/// What rustup leaves out of a minimal installation, and the check of the dependencies.
fn checks(setup: &mut Setup) {
    for (component, program) in [("rustfmt", "rustfmt"), ("clippy", "cargo-clippy")] {
        let version = || tools::output(Command::new(program).arg("--version"));
        setup.need(component, version, Remedy::run("rustup", &["component", "add", component]));
    }
    cargo_tool(setup, "cargo-deny", "cargo-deny", CARGO_DENY, READS_LITTLE);
}

fn wasm(setup: &mut Setup) -> Result<()> {
    let clang = || tools::newest_clang().map(|clang| format!("{} (version {})", clang.program.display(), clang.major));
    setup.need("clang for WebAssembly", clang, Remedy::Debian(clang_packages()));
    let libclang = || tools::libclang().map(|folder| folder.display().to_string());
    setup.need("libclang", libclang, Remedy::debian(&["libclang-dev"]));

    setup.need("target wasm32-unknown-unknown", wasm_target, Remedy::run("rustup", &["target", "add", WASM_TARGET]));
    let bindgen = locked_version("wasm-bindgen")?;
    cargo_tool(setup, "wasm-bindgen", "wasm-bindgen-cli", &bindgen, READS_MEGABYTES);
    cargo_tool(setup, "wasm-pack", "wasm-pack", WASM_PACK, READS_LITTLE);

    node(setup);
    let package = format!("binaryen@{BINARYEN}");
    let tools_dir = tools::tools_dir();
    let own = tools_dir.join("node_modules/.bin/wasm-opt");
    let prefix = tools_dir.to_string_lossy().into_owned();
    let install = ["install", "--prefix", &prefix, "--no-save", "--no-audit", "--no-fund", &package];
    let found = || own.exists().then(|| format!("{} ({package})", own.display()));
    setup.need("wasm-opt", found, Remedy::run("npm", &install));
    Ok(())
}

fn browser(setup: &mut Setup) {
    let chromium = || {
        let named = std::env::var("CHROMIUM").ok();
        named.or_else(|| ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(program))
    };
    setup.need("chromium", chromium, Remedy::debian(&["chromium"]));
    npm_packages(setup, "tests/browser");
}

fn servers(setup: &mut Setup) {
    let server = || {
        let program = format!("/usr/lib/postgresql/{DEBIAN_SERVER}/bin/postgres");
        Path::new(&program).is_file().then_some(program)
    };
    let package = format!("postgresql-{DEBIAN_SERVER}");
    setup.need(&format!("PostgreSQL {DEBIAN_SERVER}"), server, Remedy::debian(&[&package]));
    npm_packages(setup, "tests/servers");
}

/// An environment of Python of one's own, for what is tried with programs of Python.
fn environment_of_python(setup: &mut Setup) -> std::path::PathBuf {
    let python =
        || tools::output(&mut tools::command("python3", &["-c", "import ensurepip, venv; print('with venv')"]));
    setup.need("python3", python, Remedy::debian(&["python3", "python3-venv"]));
    let folder = tools::tools_dir().join("python");
    let own = || folder.join("bin/pip").is_file().then(|| folder.display().to_string());
    setup.need("environment of Python", own, Remedy::run("python3", &["-m", "venv", &folder.to_string_lossy()]));
    folder
}

/// Alembic, through which the revisions of the rule documents run.
fn alembic(setup: &mut Setup) {
    let folder = environment_of_python(setup);
    let found = || {
        let mut command = Command::new(folder.join("bin/python"));
        let printed =
            tools::output(command.args(["-c", "import alembic, asyncpg, psycopg; print(alembic.__version__)"]))?;
        (printed.trim() == ALEMBIC).then_some(printed)
    };
    setup.need("Alembic", found, Remedy::run("pip", &["install", "--quiet", "-r", "tests/alembic/requirements.txt"]));
}

/// An environment of Python of the workspace's own.
fn packages(setup: &mut Setup) {
    let folder = environment_of_python(setup);
    for (name, version) in [("pre-commit", PRE_COMMIT), ("maturin", MATURIN)] {
        let found = || {
            let printed = tools::output(Command::new(folder.join("bin").join(name)).arg("--version"))?;
            printed.split_whitespace().any(|word| word == version).then_some(printed)
        };
        setup.need(name, found, Remedy::run("pip", &["install", "--quiet", &format!("{name}=={version}")]));
    }
    node(setup);
}

fn node(setup: &mut Setup) {
    setup.need("node", || program("node"), Remedy::debian(&["nodejs"]));
    setup.need("npm", || program("npm"), Remedy::debian(&["npm"]));
}

/// The packages that a folder's lock file names, installed since it last changed.
fn npm_packages(setup: &mut Setup, folder: &str) {
    node(setup);
    let lock = tools::root().join(folder).join("package-lock.json");
    let installed = tools::root().join(folder).join("node_modules/.package-lock.json");
    let changed = |file: &Path| fs::metadata(file).and_then(|it| it.modified()).ok();
    let found = || (changed(&installed)? >= changed(&lock)?).then(|| "as locked".to_owned());
    let install = ["ci", "--prefix", folder, "--no-audit", "--no-fund"];
    setup.need(&format!("packages of {folder}"), found, Remedy::run("npm", &install));
}

/// A program of cargo in exactly this version, compiled into the workspace's own folder if it is nowhere.
fn cargo_tool(setup: &mut Setup, name: &'static str, package: &str, version: &str, optimised: &str) {
    let found = || {
        let program = tools::find(name)?;
        let printed = tools::output(Command::new(&program).arg("--version"))?;
        printed.split_whitespace().any(|word| word == version).then(|| format!("{} {version}", program.display()))
    };
    let folder = tools::tools_dir().to_string_lossy().into_owned();
    let package = format!("{package}@{version}");
    let mut install = vec!["install", "--root", &folder, &package];
    install.extend(QUICKLY_COMPILED.iter().chain([&optimised]).flat_map(|setting| ["--config", setting]));
    let newest = Remedy::run("cargo", &install);
    install.push("--locked");
    // A version that the program's own lock file names can have left the registry.
    setup.need(name, found, Remedy::run("cargo", &install).or(newest));
}

fn program(name: &str) -> Option<String> {
    tools::find(name).map(|program| program.display().to_string())
}

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Asks the compiler, which may come from a distribution rather than from rustup.
fn wasm_target() -> Option<String> {
    let folder = tools::output(&mut tools::command("rustc", &["--print=target-libdir", "--target", WASM_TARGET]))?;
    Path::new(&folder).is_dir().then_some(folder)
}

/// The version of a dependency in `Cargo.lock`.
fn locked_version(package: &str) -> Result<String> {
    let id = tools::output(&mut tools::cargo(&["pkgid", package]));
    let id = id.with_context(|| format!("`cargo pkgid {package}` names no version"))?;
    let version = id.rsplit(['@', '#']).next().unwrap_or_default();
    Ok(version.to_owned())
}

/// The newest clang that apt offers, with the archiver and libclang of the same version.
fn clang_packages() -> Vec<String> {
    let listed = tools::output(&mut tools::command("apt-cache", &["search", "--names-only", "^clang-[0-9]+$"]));
    newest_clang_packages(&listed.unwrap_or_default())
}

fn newest_clang_packages(listed: &str) -> Vec<String> {
    let versions = listed.lines().filter_map(|line| line.strip_prefix("clang-")?.split(' ').next()?.parse().ok());
    match versions.filter(|&major: &u32| major >= tools::OLDEST_CLANG).max() {
        Some(major) => vec![format!("clang-{major}"), format!("llvm-{major}"), format!("libclang-{major}-dev")],
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_from_a_list() {
        assert_eq!(Part::parse("native,web").unwrap(), [Part::Native, Part::Web]);
        assert!(Part::parse("native,").is_err());
    }

    #[test]
    fn the_newest_clang_is_chosen_by_number() {
        let listed = "clang-9 - C compiler\nclang-16 - C compiler\nclang-22 - C compiler\nclang-tools-23 - tools";
        assert_eq!(newest_clang_packages(listed), ["clang-22", "llvm-22", "libclang-22-dev"]);
        assert!(newest_clang_packages("clang-14 - C compiler").is_empty());
        assert!(newest_clang_packages("").is_empty());
    }
}
