//! `lockkeeper check --watch`: checks again whenever a file changes that the report depends on.
//!
//! The files are looked at again and again instead of asking the system to tell: that works on every file system, in
//! containers and on network drives, and follows files that do not exist yet.

use crate::args::CheckArgs;
use crate::host::Host;
use crate::native::{Stamp, stamp};
use crate::{CliError, Outcome, check, config, output, plan};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Between two looks at the files.
const PAUSE: Duration = Duration::from_millis(300);
/// So long nothing must change before the check, for editors write in steps.
const SETTLED: Duration = Duration::from_millis(100);
/// Looking takes at most this share of the time.
const SHARE: u32 = 10;
/// Empties a terminal and goes to its top; what was above stays.
const CLEAR: &str = "\u{1b}[2J\u{1b}[H";

/// Checks until the reader of the reports goes away.
pub(crate) fn run(args: &CheckArgs, host: &dyn Host) -> Result<Outcome, CliError> {
    if args.lint.input.paths.iter().any(|it| it.as_os_str() == "-") {
        return Err(CliError::WatchStdin);
    }
    let mut seen = Seen::now(args, host);
    loop {
        if host.is_terminal() {
            output::stdout(CLEAR, host)?;
        }
        match check::run(args, host) {
            Err(CliError::Stdout(error)) => return Err(CliError::Stdout(error)),
            // What hinders the check now may be mended next.
            Err(error) => host.stderr(&format!("error: {error}\n")),
            Ok(_) => {}
        }
        if !args.lint.input.quiet {
            host.stderr("Waiting for a change; Ctrl+C ends.\n");
        }
        seen = seen.next(args, host);
    }
}

/// The files that the report depends on, as they are at a time; none for one that is not there.
#[derive(PartialEq, Eq)]
struct Seen(BTreeMap<PathBuf, Option<Stamp>>);

impl Seen {
    fn now(args: &CheckArgs, host: &dyn Host) -> Self {
        let input = &args.lint.input;
        // With a mistake in the configuration the files are those of before it, or nearly so.
        let config = config::load(input, host).unwrap_or_default();
        let (found, _) = plan::gather(input, &config, host);
        let mut files: Vec<PathBuf> = found.into_iter().map(|it| it.absolute.into()).collect();
        files.extend(config::file(input, host));
        files.extend(args.lint.baseline.clone());
        files.extend(input.schema.clone());
        files.extend(config.folder.iter().zip(&config.settings.history.schema).map(|(folder, it)| folder.join(it)));
        Seen(files.into_iter().map(|it| (it.clone(), stamp(Path::new(&it)))).collect())
    }

    /// Waits for a change, and for its end.
    fn next(self, args: &CheckArgs, host: &dyn Host) -> Seen {
        let mut last = self;
        let mut changed = false;
        loop {
            let started = Instant::now();
            let now = Seen::now(args, host);
            if now != last {
                (last, changed) = (now, true);
                sleep(SETTLED);
            } else if changed {
                return last;
            } else {
                sleep(PAUSE.max(started.elapsed() * SHARE));
            }
        }
    }
}
