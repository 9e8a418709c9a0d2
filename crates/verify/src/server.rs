//! Finding the PostgreSQL servers of this machine: folders that hold `initdb` and `postgres`.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The programs of one installed PostgreSQL version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// The major version, such as 17.
    pub major: u32,
    /// The whole version, such as `17.10`.
    pub version: String,
    /// The folder with `initdb` and `postgres`.
    pub bin_dir: PathBuf,
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgreSQL {}", self.version)
    }
}

/// Where packages put the programs: a folder, then what lies below each of its entries.
const USUAL: &[(&str, &str)] = &[
    ("/usr/lib/postgresql", "bin"),
    ("/usr", "bin"), // /usr/pgsql-17/bin of the project's own RPM packages
    ("/usr/local", "bin"),
    ("/opt/homebrew/opt", "bin"),
    ("/usr/local/opt", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "bin"),
];

/// The servers in `folders`, in `PATH` and in the places where packages put them: the first found of each major version,
/// oldest version first.
///
/// A folder may be a `bin` folder, an installation (`bin` below it, or `native/bin` as in the npm packages of embedded servers),
/// or a folder of installations such as `node_modules`. Programs that do not say their version are no server.
pub fn find(folders: &[PathBuf]) -> Vec<Server> {
    let given = folders.iter().flat_map(|folder| {
        let below = entries(folder).into_iter().flat_map(|it| bin_dirs(&it));
        bin_dirs(folder).into_iter().chain(below).collect::<Vec<_>>()
    });
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path = std::env::split_paths(&path).collect::<Vec<_>>();
    let usual =
        USUAL.iter().flat_map(|(folder, bin)| entries(Path::new(folder)).into_iter().map(move |it| it.join(bin)));

    let mut servers: Vec<Server> = Vec::new();
    for bin_dir in given.chain(in_path).chain(usual).filter(|it| it.join("initdb").is_file()) {
        if let Some(server) = ask(&bin_dir)
            && servers.iter().all(|it| it.major != server.major)
        {
            servers.push(server);
        }
    }
    servers.sort_by_key(|it| it.major);
    servers
}

/// The majors of a list such as `13,14,15` that are not among `servers`.
pub fn missing(servers: &[Server], required: &str) -> Vec<String> {
    required
        .split(',')
        .map(str::trim)
        .filter(|it| !it.is_empty() && servers.iter().all(|server| server.major.to_string() != *it))
        .map(str::to_owned)
        .collect()
}

fn bin_dirs(folder: &Path) -> Vec<PathBuf> {
    vec![folder.to_owned(), folder.join("bin"), folder.join("native/bin")]
}

/// The entries of a folder in the order of their names; none if it cannot be read.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    entries
}

fn ask(bin_dir: &Path) -> Option<Server> {
    // The programs are run from other folders.
    let bin_dir = &std::path::absolute(bin_dir).ok()?;
    let output = Command::new(bin_dir.join("postgres")).arg("--version").output().ok()?;
    let (major, version) = parse_version(std::str::from_utf8(&output.stdout).ok()?)?;
    Some(Server { major, version, bin_dir: bin_dir.to_owned() })
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`; a development version is `19devel`.
fn parse_version(text: &str) -> Option<(u32, String)> {
    let version = text.strip_prefix("postgres (PostgreSQL) ")?.split_whitespace().next()?;
    let digits = version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len());
    Some((version[..digits].parse().ok()?, version.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_servers_print_them() {
        let of = |text| parse_version(text);
        assert_eq!(of("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some((15, "15.18".to_owned())));
        assert_eq!(of("postgres (PostgreSQL) 19devel\n"), Some((19, "19devel".to_owned())));
        assert_eq!(of("postgres (EnterpriseDB) x"), None);
    }

    #[test]
    fn missing_majors_are_named() {
        let server = Server { major: 15, version: "15.1".to_owned(), bin_dir: PathBuf::new() };
        assert_eq!(missing(&[server], "13, 15,16,"), ["13", "16"]);
        assert!(missing(&[], "").is_empty());
    }
}
