//! The account that runs a throwaway server: PostgreSQL refuses to run as root.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Error;
use crate::cluster::{Folder, temporary_folder};
use crate::server::Server;

/// User and group ids to change to; `None` keeps those of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Account(Option<(u32, u32)>);

impl Account {
    /// The account for servers below `folder`, which this process has just made: itself, or, for root, `postgres` or else `nobody`.
    pub(crate) fn for_owner_of(folder: &Path) -> Result<Self, Error> {
        let owner = fs::metadata(folder).map_err(|source| Error::Folder { path: folder.to_owned(), source })?.uid();
        if owner != 0 {
            return Ok(Self(None));
        }
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        Ok(Self(Some(ids(&users, "postgres").or_else(|| ids(&users, "nobody")).unwrap_or((65534, 65534)))))
    }

    /// Makes a child process run as this account.
    pub(crate) fn apply(self, command: &mut Command) {
        if let Self(Some((uid, gid))) = self {
            command.uid(uid).gid(gid);
        }
    }

    /// Gives a file or folder to this account.
    pub(crate) fn give(self, path: &Path) -> Result<(), Error> {
        let Self(Some((uid, gid))) = self else { return Ok(()) };
        chown(path, Some(uid), Some(gid)).map_err(|source| Error::Folder { path: path.to_owned(), source })
    }

    /// A copy of the server's installation that this account can run, if it cannot run the original: that lies below a folder closed
    /// to others, such as a checkout in `/root`.
    pub(crate) fn copy_if_closed(self, server: &Server) -> Result<Option<Folder>, Error> {
        let mut version = Command::new(server.bin_dir.join("postgres"));
        version.arg("--version").current_dir("/").stdout(Stdio::null()).stderr(Stdio::null());
        self.apply(&mut version);
        match version.status() {
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {}
            _ => return Ok(None),
        }
        let folder = temporary_folder(&std::env::temp_dir())?;
        // The programs look for the rest beside their own folder. Whatever else is there is not theirs.
        let installation = server.bin_dir.parent().unwrap_or(&server.bin_dir);
        let parts = [server.bin_dir.clone(), installation.join("lib"), installation.join("share")];
        for part in parts.iter().filter(|it| it.is_dir()) {
            let target = folder.path().join(part.file_name().unwrap_or_default());
            fs::create_dir(&target).map_err(|source| Error::Folder { path: target.clone(), source })?;
            self.copy_tree(part, &target)?;
        }
        self.give(folder.path())?;
        Ok(Some(folder))
    }

    /// Copies what is in a folder, links as links, and gives the folders to this account, so that it may remove them.
    fn copy_tree(self, from: &Path, to: &Path) -> Result<(), Error> {
        let failed = |source| Error::Folder { path: to.to_owned(), source };
        for entry in fs::read_dir(from).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let (kind, target) = (entry.file_type().map_err(failed)?, to.join(entry.file_name()));
            if kind.is_dir() {
                fs::create_dir(&target).map_err(failed)?;
                self.copy_tree(&entry.path(), &target)?;
            } else if kind.is_symlink() {
                fs::read_link(entry.path()).and_then(|link| symlink(link, &target)).map_err(failed)?;
            } else {
                fs::copy(entry.path(), &target).map_err(failed)?;
            }
        }
        self.give(to)
    }
}

/// User and group id of a name in the text of `/etc/passwd`.
fn ids(users: &str, name: &str) -> Option<(u32, u32)> {
    let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_from_the_line_of_the_name() {
        let users =
            "root:x:0:0:root:/root:/bin/bash\npostgres2:x:7:8::/:/bin/sh\npostgres:x:101:104::/var/lib:/bin/bash\n";
        assert_eq!(ids(users, "postgres"), Some((101, 104)));
        assert_eq!(ids(users, "nobody"), None);
    }
}
