//! Compiles the C half on WebAssembly; every other target has a C library of its own.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=c");
    println!("cargo::rerun-if-changed=include");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        let mut build = cc::Build::new();
        build
            .files(["c/setjmp.c", "c/stdio.c"])
            .include("include")
            .flag("-nostdlibinc")
            .flag("-mexception-handling")
            .warnings_into_errors(true);
        // An older clang refuses a second definition of the tag; whatever else is wrong fails again without it.
        if build.clone().define("DEFINE_TAG", None).cargo_warnings(false).try_compile("lockkeeper_wasm_libc").is_err() {
            build.compile("lockkeeper_wasm_libc");
        }
    }
}
