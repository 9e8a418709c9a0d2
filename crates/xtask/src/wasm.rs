//! `cargo xtask wasm`: the engine for the page, by way of wasm-pack.
//!
//! The parser is C, so its build needs a clang with a WebAssembly back end, the headers of `crates/wasm-libc`, and
//! `setjmp` lowered to exceptions. Which clang that is only this machine knows, so it is found here and handed on in
//! the environment; everything else stands in `Cargo.toml` files.

mod module;
mod tables;

use crate::tools;
use anyhow::{Context, Result, bail, ensure};
use std::ffi::OsString;
use std::fs;
use std::path::Path;

const CRATE: &str = "crates/wasm";
/// The one place that bounds the modules' sizes.
const BOUNDS: &str = "crates/wasm/size.toml";

/// One of the modules that the crate makes.
struct Module {
    /// Its name in the bounds.
    name: &'static str,
    /// Where the page looks for it, below `web/`.
    folder: &'static str,
    /// The features of the crate that it has.
    features: &'static str,
}

impl Module {
    /// Whether it reads SQL.
    fn has_parser(&self) -> bool {
        self.features.split(',').any(|it| it == "engine")
    }
}

const MODULES: &[Module] = &[
    // Without the parsers of Python and TOML, which most visitors never need: the page's first load.
    Module { name: "sql", folder: "pkg-sql", features: "engine" },
    // The whole engine, which the page loads with the first `.py` file or configuration.
    Module { name: "python", folder: "pkg", features: "engine,python,config,panels" },
    // Permalinks, which the page loads with the first link that it reads or writes.
    Module { name: "links", folder: "pkg-links", features: "links" },
];

pub(crate) fn run(arguments: &mut lexopt::Parser) -> Result<()> {
    match arguments.next()? {
        None => build(),
        Some(lexopt::Arg::Long("print-env")) => print_environment(),
        Some(other) => Err(other.unexpected().into()),
    }
}

/// Builds the modules, prints their sizes, and fails over a bound.
pub(crate) fn build() -> Result<()> {
    let wasm_pack = tools::find("wasm-pack").context("wasm-pack is missing: run `cargo xtask setup --only wasm`")?;
    let bounds = bounds()?;
    let mut built = Vec::new();
    for module in MODULES {
        // Relative to the crate, as wasm-pack wants it.
        let out = format!("../../web/{}", module.folder);
        // no-install: wasm-pack would fetch a tool that it misses, in whichever version; setup has pinned them.
        let fixed = ["build", CRATE, "--target", "web", "--out-dir", &out, "--profile", "wasm", "--mode", "no-install"];
        let features = ["--", "--no-default-features", "--features", module.features];
        tools::run(tools::command(&wasm_pack, &fixed).args(features).envs(environment()?))?;
        let file = tools::root().join("web").join(module.folder).join("lockkeeper_wasm_bg.wasm");
        if module.has_parser() {
            tables::pack(&file).with_context(|| format!("cannot pack the tables in {}", file.display()))?;
        }
        built.push((module, Sizes::of(&file)?));
    }
    built.iter().try_for_each(|(module, sizes)| hold_bounds(module, sizes, &bounds))
}

/// What must be in the environment of a cargo or wasm-pack that compiles for WebAssembly.
pub(crate) fn environment() -> Result<Vec<(&'static str, OsString)>> {
    let clang = tools::newest_clang().with_context(|| {
        format!(
            "no clang from {} up with a WebAssembly back end: run `cargo xtask setup --only wasm`",
            tools::OLDEST_CLANG
        )
    })?;
    let include = tools::root().join("crates/wasm-libc/include");
    let include = include.to_str().context("the path of this folder must be UTF-8")?;
    // Both variables are split at spaces, with no way to quote that both would understand.
    ensure!(!include.contains(char::is_whitespace), "the path of this folder must have no spaces: {include}");
    let headers = format!("-nostdlibinc -isystem {include}");
    Ok(vec![
        ("PATH", tools::path()?),
        ("CC_wasm32_unknown_unknown", clang.program.into()),
        ("CFLAGS_wasm32_unknown_unknown", format!("{headers} -mllvm -wasm-enable-sjlj").into()),
        // Clang hides symbols by default on this target, and bindgen leaves out what is hidden.
        ("BINDGEN_EXTRA_CLANG_ARGS_wasm32_unknown_unknown", format!("{headers} -fvisibility=default").into()),
    ])
}

fn print_environment() -> Result<()> {
    for (name, value) in environment()? {
        println!("export {name}='{}'", value.display());
    }
    Ok(())
}

/// Bytes of the module as it lies on disk and as a server would send it.
struct Sizes {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

impl Sizes {
    /// Node compresses, since it is there in any case, and this program stays quick to compile.
    fn of(module: &Path) -> Result<Self> {
        const COMPRESS: &str = "const { gzipSync, brotliCompressSync } = require('node:zlib');\
            const bytes = require('node:fs').readFileSync(process.argv[1]);\
            console.log(gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length);";
        let printed = tools::output(tools::command("node", &["-e", COMPRESS, "--"]).arg(module))
            .with_context(|| format!("node cannot compress {}", module.display()))?;
        let (gzip, brotli) = printed.split_once(' ').context("node printed no sizes")?;
        Ok(Self { raw: fs::metadata(module)?.len(), gzip: gzip.parse()?, brotli: brotli.parse()? })
    }
}

/// A bound: which module's which size, and how many kilobytes (of 1,000 bytes) it may have.
type Bound = (String, u64);

fn bounds() -> Result<Vec<Bound>> {
    let text = fs::read_to_string(tools::root().join(BOUNDS)).with_context(|| format!("cannot read {BOUNDS}"))?;
    parse_bounds(&text).with_context(|| format!("{BOUNDS} is not understood"))
}

/// Reads lines `name = number`; of TOML nothing else is needed.
fn parse_bounds(text: &str) -> Result<Vec<Bound>> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    lines
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (name, number) = line.split_once('=').with_context(|| format!("no `=` in `{line}`"))?;
            Ok((name.trim().to_owned(), number.trim().parse().with_context(|| format!("no number in `{line}`"))?))
        })
        .collect()
}

/// Prints the sizes of a module and fails if one is over its bound.
fn hold_bounds(module: &Module, sizes: &Sizes, bounds: &[Bound]) -> Result<()> {
    let kilobytes = |bytes: u64| bytes.div_ceil(1000);
    println!(
        "web/{}: {} kB, gzip {} kB, brotli {} kB",
        module.folder,
        kilobytes(sizes.raw),
        kilobytes(sizes.gzip),
        kilobytes(sizes.brotli)
    );
    for (name, bound) in bounds {
        let Some((named, size)) = name.split_once('_') else { bail!("{BOUNDS} bounds `{name}`, which is no size") };
        ensure!(MODULES.iter().any(|it| it.name == named), "{BOUNDS} bounds `{name}`, which is of no module");
        let size = match size {
            "raw_kb" => sizes.raw,
            "gzip_kb" => sizes.gzip,
            "brotli_kb" => sizes.brotli,
            _ => bail!("{BOUNDS} bounds `{name}`, which is no size"),
        };
        let fits = named != module.name || kilobytes(size) <= *bound;
        ensure!(fits, "the module is too large: {name} is {}, bound {bound}", kilobytes(size));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_lines_of_name_and_number() {
        let bounds = parse_bounds("# why\nsql_brotli_kb = 450 # first load\n\nsql_raw_kb=2000\n").unwrap();
        assert_eq!(bounds, [("sql_brotli_kb".to_owned(), 450), ("sql_raw_kb".to_owned(), 2000)]);
        for wrong in ["sql_brotli_kb", "sql_brotli_kb = many"] {
            assert!(parse_bounds(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_size_over_its_bound_fails_and_so_does_an_unknown_size() {
        let sizes = Sizes { raw: 2_000_000, gzip: 400_000, brotli: 300_001 };
        let holds = |name: &str, bound| hold_bounds(&MODULES[0], &sizes, &[(name.to_owned(), bound)]).is_ok();
        assert!(holds("sql_brotli_kb", 301));
        assert!(!holds("sql_brotli_kb", 300));
        assert!(holds("python_brotli_kb", 300), "of another module");
        assert!(!holds("sql_zip_kb", 9_999));
        assert!(!holds("brotli_kb", 9_999));
    }

    #[test]
    fn the_checked_in_bounds_are_understood() {
        let bounds = bounds().unwrap();
        for module in MODULES {
            assert!(bounds.iter().any(|(name, _)| *name == format!("{}_brotli_kb", module.name)));
        }
    }
}
