//! Finding and running other programs. What is run is printed first, so that a developer can run it alone.

use anyhow::{Context, Result, ensure};
use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The workspace's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("this package lies in crates/")
}

/// Where tools are installed that only this workspace uses: programs of cargo in `bin`, of npm in
/// `node_modules/.bin`, of Python in `python/bin`.
pub(crate) fn tools_dir() -> PathBuf {
    root().join("target/tools")
}

/// Its folders with programs.
const OWN: [&str; 3] = ["bin", "node_modules/.bin", "python/bin"];

/// The first program of this name: the workspace's own before those on `PATH`.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let own = OWN.map(|folder| tools_dir().join(folder));
    let path = env::var_os("PATH").unwrap_or_default();
    own.into_iter()
        .chain(env::split_paths(&path))
        .map(|folder| folder.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
        .find(|program| program.is_file())
}

/// `PATH` with the workspace's own tools in front.
pub(crate) fn path() -> Result<std::ffi::OsString> {
    let own = OWN.map(|folder| tools_dir().join(folder));
    let inherited = env::var_os("PATH").unwrap_or_default();
    Ok(env::join_paths(own.into_iter().chain(env::split_paths(&inherited)))?)
}

/// A command that runs in the workspace's folder.
pub(crate) fn command(program: impl AsRef<OsStr>, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// The command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let words: Vec<_> = std::iter::once(command.get_program()).chain(command.get_args()).collect();
    words.join(OsStr::new(" ")).to_string_lossy().into_owned()
}

/// Prints the command, runs it with this program's input and output, and fails when it does.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    println!("$ {shown}");
    let status = command.status().with_context(|| format!("cannot run `{shown}`"))?;
    ensure!(status.success(), "`{shown}` failed: {status}");
    Ok(())
}

/// What the command prints, trimmed; `None` if it is not there or fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A clang that can compile to WebAssembly with exceptions.
pub(crate) struct Clang {
    pub(crate) program: PathBuf,
    pub(crate) major: u32,
}

/// The oldest clang that lowers `setjmp` to WebAssembly exceptions.
pub(crate) const OLDEST_CLANG: u32 = 15;

/// Newer than any clang of today, so that the search need not list folders.
const NEWEST_CLANG: u32 = 40;

/// The newest clang with a WebAssembly back end; Apple's has none, so Homebrew's is looked for too.
pub(crate) fn newest_clang() -> Option<Clang> {
    let versioned = (OLDEST_CLANG..=NEWEST_CLANG).filter_map(|major| find(&format!("clang-{major}")));
    let homebrew = ["/opt/homebrew/opt/llvm/bin/clang", "/usr/local/opt/llvm/bin/clang"].map(PathBuf::from);
    versioned
        .chain(find("clang"))
        .chain(homebrew)
        .filter_map(|program| {
            let version = output(Command::new(&program).arg("-dumpversion"))?;
            let major = version.split('.').next()?.parse().ok()?;
            let targets = output(Command::new(&program).arg("-print-targets"))?;
            (major >= OLDEST_CLANG && targets.contains("wasm32")).then_some(Clang { program, major })
        })
        .max_by_key(|clang| clang.major)
}

/// The folder of libclang, by which the parser's build reads the parser's header. The build looks in these places by
/// itself, so that a plain `cargo build` works too.
pub(crate) fn libclang() -> Option<PathBuf> {
    let chosen = env::var_os("LIBCLANG_PATH").map(PathBuf::from);
    let versions = (1..=NEWEST_CLANG).rev().map(|major| format!("/usr/lib/llvm-{major}/lib"));
    let multiarch = format!("/usr/lib/{}-linux-gnu", env::consts::ARCH);
    let linux = ["/usr/local/lib", &multiarch, "/usr/lib64", "/usr/lib"].map(str::to_owned);
    let macos = [
        "/usr/local/opt/llvm/lib",
        "/Library/Developer/CommandLineTools/usr/lib",
        "/Applications/Xcode.app/Contents/Developer/Toolchains/XcodeDefault.xctoolchain/usr/lib",
    ];
    let known = versions.chain(linux).chain(macos.map(str::to_owned)).map(PathBuf::from);
    chosen.into_iter().chain(known).find(|folder| holds_libclang(folder))
}

/// Whether the loadable library is here: `libclang.so`, `libclang.so.1`, `libclang-22.so.1`, `libclang.dylib`.
fn holds_libclang(folder: &Path) -> bool {
    let Ok(entries) = folder.read_dir() else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let version = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
        name.strip_prefix("libclang").is_some_and(|rest| {
            rest.strip_suffix(".dylib").is_some_and(version)
                || rest.split_once(".so").is_some_and(|(before, after)| version(before) && version(after))
        })
    })
}

/// `cargo`, the one that runs this program.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), arguments)
}

/// A script of the `package.json` in a folder.
pub(crate) fn npm(folder: &str, script: &str) -> Command {
    command("npm", &["--prefix", folder, "run", script])
}

/// The command line as `cargo build --release` leaves it.
pub(crate) fn release_binary() -> PathBuf {
    target_dir().join("release").join(format!("lockkeeper{}", env::consts::EXE_SUFFIX))
}

/// The command line as `cargo build` leaves it.
pub(crate) fn debug_binary() -> PathBuf {
    target_dir().join("debug").join(format!("lockkeeper{}", env::consts::EXE_SUFFIX))
}

/// Where cargo puts what it builds.
pub(crate) fn target_dir() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_holds_the_workspace() {
        assert!(root().join("Cargo.lock").is_file());
    }

    #[test]
    fn a_command_is_shown_as_typed() {
        assert_eq!(shown(&command("npm", &["ci", "--no-fund"])), "npm ci --no-fund");
    }

    #[test]
    fn a_missing_program_has_no_output() {
        assert_eq!(output(&mut Command::new("lockkeeper-has-no-such-program")), None);
    }
}
