//! One run of a program: how long it takes and how much memory it has at most.

use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

pub(super) struct Measured {
    pub(super) time: Duration,
    /// Bytes; unknown where the system does not say, or if the run was too short to ask.
    pub(super) memory: Option<u64>,
}

/// How often the system is asked for the peak. It only grows, so the last answer misses little.
const PAUSE: Duration = Duration::from_millis(1);

pub(super) fn measure(program: &Path, arguments: &[&str], paths: &[&Path]) -> Result<Measured> {
    let mut command = Command::new(program);
    command.args(arguments).args(paths).stdin(Stdio::null()).stdout(Stdio::null());
    let start = Instant::now();
    let mut child = command.spawn().with_context(|| format!("cannot run {}", program.display()))?;
    let process = child.id();
    // Waits beside the watch, so that the watch does not round the time up.
    let waiter = thread::spawn(move || (child.wait(), start.elapsed()));
    let mut memory = None;
    while !waiter.is_finished() {
        memory = peak(process).or(memory);
        thread::sleep(PAUSE);
    }
    let Ok((status, time)) = waiter.join() else { anyhow::bail!("the wait for {} failed", program.display()) };
    let status = status?;
    ensure!(status.success(), "{} failed: {status}", program.display());
    Ok(Measured { time, memory })
}

/// The peak that Linux keeps of a process.
fn peak(process: u32) -> Option<u64> {
    parse_peak(&fs::read_to_string(format!("/proc/{process}/status")).ok()?)
}

fn parse_peak(status: &str) -> Option<u64> {
    let kilobytes = status.lines().find_map(|it| it.strip_prefix("VmHWM:"))?.trim().strip_suffix(" kB")?;
    Some(kilobytes.trim().parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_read_from_what_linux_says() {
        assert_eq!(parse_peak("VmPeak:\t  9000 kB\nVmHWM:\t    1234 kB\nVmRSS:\t 99 kB\n"), Some(1234 * 1024));
        assert_eq!(parse_peak("State:\tZ (zombie)\n"), None);
    }
}
