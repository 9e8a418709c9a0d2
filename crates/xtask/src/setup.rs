//! `cargo xtask setup`: installs what is missing, says each step in one line, and never touches what is there.
//!
//! What cannot be installed here (no apt-get, no right to use it) is listed at the end, each with what to run by hand.

mod parts;

use crate::tools;
use anyhow::{Result, bail};
pub(crate) use parts::Part;
use std::collections::HashSet;
use std::process::Command;

pub(crate) fn run(arguments: &mut lexopt::Parser) -> Result<()> {
    let mut chosen = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            lexopt::Arg::Long("only") => chosen.extend(Part::parse(&arguments.value()?.to_string_lossy())?),
            other => return Err(other.unexpected().into()),
        }
    }
    let chosen = if chosen.is_empty() { Part::ALL.to_vec() } else { chosen };
    ensure(&chosen)
}

/// Installs what these parts miss, or says what is missing and fails.
pub(crate) fn ensure(chosen: &[Part]) -> Result<()> {
    let mut setup = Setup { apt: Apt::here(), apt_is_fresh: false, said: HashSet::new(), missing: Vec::new() };
    for part in chosen {
        part.ensure(&mut setup)?;
    }
    if setup.missing.is_empty() {
        return Ok(());
    }
    bail!("still missing:\n  {}", setup.missing.join("\n  "))
}

/// One run of `setup`.
struct Setup {
    apt: Option<Apt>,
    apt_is_fresh: bool,
    /// Names of what is settled, as parts share needs.
    said: HashSet<String>,
    /// What could not be installed, each with what to do by hand.
    missing: Vec<String>,
}

impl Setup {
    /// Says that `name` is here, or installs it. `find` names what it found.
    fn need(&mut self, name: &str, find: impl Fn() -> Option<String>, remedy: Remedy) {
        if !self.said.insert(name.to_owned()) {
            return;
        }
        if let Some(found) = find() {
            println!("{name}: {found}");
            return;
        }
        match (self.apply(name, &remedy), find()) {
            (None, _) => {
                println!("{name}: missing");
                self.missing.push(format!("{name}: {}", remedy.by_hand()));
            }
            (Some(Ok(())), Some(found)) => println!("{name}: {found}"),
            (Some(Ok(())), None) => self.missing.push(format!("{name}: installed, but still not found")),
            (Some(Err(error)), _) => self.missing.push(format!("{name}: {error:#}; {}", remedy.by_hand())),
        }
    }

    /// Installs `name`, or returns `None` if this machine cannot.
    fn apply(&mut self, name: &str, remedy: &Remedy) -> Option<Result<()>> {
        let commands = match remedy {
            Remedy::Debian(packages) => {
                let apt = self.apt.as_ref().filter(|_| !packages.is_empty())?;
                let update = (!self.apt_is_fresh).then(|| apt.get(&["update", "-q"]));
                self.apt_is_fresh = true;
                let mut install = apt.get(&["install", "-q", "-y", "--no-install-recommends"]);
                install.args(packages);
                update.into_iter().chain([install]).collect()
            }
            Remedy::Run(program, arguments) => {
                let program = tools::find(program)?;
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                vec![tools::command(program, &arguments)]
            }
            Remedy::Either(first, second) => {
                return match self.apply(name, first) {
                    Some(Err(error)) => {
                        println!("{name}: {error:#}; trying another way");
                        self.apply(name, second)
                    }
                    applied => applied,
                };
            }
        };
        println!("{name}: installing with {}", tools::shown(commands.last()?));
        Some(commands.into_iter().try_for_each(|mut command| tools::run(&mut command)))
    }
}

/// How something is installed.
enum Remedy {
    /// Packages of Debian and Ubuntu; empty if the distribution has no fitting one.
    Debian(Vec<String>),
    /// A program and its arguments, on every system.
    Run(&'static str, Vec<String>),
    /// The second where the first fails.
    Either(Box<Remedy>, Box<Remedy>),
}

impl Remedy {
    fn debian(packages: &[&str]) -> Self {
        Self::Debian(packages.iter().map(|&it| it.to_owned()).collect())
    }

    fn run(program: &'static str, arguments: &[&str]) -> Self {
        Self::Run(program, arguments.iter().map(|&it| it.to_owned()).collect())
    }

    fn or(self, second: Self) -> Self {
        Self::Either(Box::new(self), Box::new(second))
    }

    fn by_hand(&self) -> String {
        match self {
            Self::Debian(packages) if packages.is_empty() => "install it by your system's packages".to_owned(),
            Self::Debian(packages) => {
                let packages = packages.join(" ");
                format!("run `apt-get install {packages}` as root, or install what your system calls it")
            }
            Self::Run(program, arguments) => format!("run `{program} {}`", arguments.join(" ")),
            Self::Either(_, second) => second.by_hand(),
        }
    }
}

/// apt-get with the right to use it.
struct Apt {
    sudo: bool,
}

impl Apt {
    fn here() -> Option<Self> {
        tools::find("apt-get")?;
        let root = tools::output(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
        (root || tools::find("sudo").is_some()).then_some(Self { sudo: !root })
    }

    fn get(&self, arguments: &[&str]) -> Command {
        let words: &[&str] = if self.sudo { &["sudo", "env"] } else { &["env"] };
        let mut command = tools::command(words[0], &words[1..]);
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(arguments);
        command
    }
}
