//! Where reports go.

use crate::args::Color;
use crate::host::Host;
use crate::{CliError, path};
use lockkeeper_report::Look;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Writes a report to the file that was asked for, or to standard output.
pub(crate) fn deliver(report: &str, file: Option<&Path>, host: &dyn Host) -> Result<(), CliError> {
    match file {
        Some(file) => {
            let failed = |source| CliError::Write { path: path::shown(file), source };
            host.write(file, report.as_bytes()).map_err(failed)
        }
        None => stdout(report, host),
    }
}

/// Writes to standard output.
pub(crate) fn stdout(text: &str, host: &dyn Host) -> Result<(), CliError> {
    host.stdout(text.as_bytes()).map_err(CliError::Stdout)
}

/// Writes to standard output what `write` makes, piece by piece.
pub(crate) fn stream(
    host: &dyn Host,
    write: impl FnOnce(&mut BufWriter<Pieces<'_>>) -> io::Result<()>,
) -> Result<(), CliError> {
    let mut out = BufWriter::with_capacity(1 << 16, Pieces(host));
    write(&mut out).and_then(|()| out.flush()).map_err(CliError::Stdout)
}

/// Standard output, which takes whole pieces.
pub(crate) struct Pieces<'a>(&'a dyn Host);

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.stdout(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How a report for people looks: coloured on a terminal, unless `NO_COLOR` (no-color.org) or a dumb terminal says
/// otherwise; `CLICOLOR_FORCE` colours what goes elsewhere too.
pub(crate) fn look(color: Color, to_file: bool, host: &dyn Host) -> Look {
    let set = |name| host.env(name).is_some_and(|it| !it.is_empty());
    let forced = host.env("CLICOLOR_FORCE").is_some_and(|it| !it.is_empty() && it != "0");
    let dumb = host.env("TERM").is_some_and(|it| it == "dumb");
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if to_file || set("NO_COLOR") => false,
        Color::Auto => forced || (host.is_terminal() && !dumb),
    };
    Look { color }
}
