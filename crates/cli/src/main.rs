//! The binary `lockkeeper`.

#![forbid(unsafe_code)]

use lockkeeper_cli::{Native, run};
use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(run(std::env::args_os(), &Native::new()).code())
}
