//! `lockkeeper man`: manual pages, made of the help texts.

use crate::args::Arguments;
use crate::host::Host;
use crate::{CliError, Outcome};
use clap::CommandFactory;
use clap_mangen::Man;

/// Prints the page of the program, or of a command.
pub(crate) fn run(command: Option<&str>, host: &dyn Host) -> Result<Outcome, CliError> {
    let mut program = Arguments::command();
    program.build();
    let page = match command {
        None => Some(&program),
        Some(name) => program.find_subcommand(name),
    };
    let page = page.cloned().ok_or_else(|| CliError::NoCommand(command.unwrap_or_default().to_owned()))?;
    // The page of a command is called as git's are: `lockkeeper-check`.
    let name = command.map_or_else(|| "lockkeeper".to_owned(), |it| format!("lockkeeper-{it}"));
    let mut text = Vec::new();
    Man::new(page.display_name(name)).render(&mut text).map_err(CliError::Stdout)?;
    host.stdout(&text).map_err(CliError::Stdout)?;
    Ok(Outcome::Clean)
}
