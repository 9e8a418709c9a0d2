//! Compiles the C half on WebAssembly; every other target has a C library of its own.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=c");
    println!("cargo::rerun-if-changed=include");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        cc::Build::new()
            .files(["c/setjmp.c", "c/stdio.c"])
            .include("include")
            .flag("-nostdlibinc")
            .flag("-mexception-handling")
            .warnings_into_errors(true)
            .compile("lockkeeper_wasm_libc");
    }
}
