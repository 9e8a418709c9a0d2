//! What killed runs left behind: scratch databases on a server, folders of throwaway clusters on this machine. Nothing else is
//! touched, and nothing that somebody still uses.

use crate::scratch::{DATABASE_PREFIX, remove};
use crate::{Address, Error};

/// Drops the scratch databases on a server that no run uses, and says which.
///
/// A database is in use if a session is connected to it or bears its name, as each run keeps one open that does.
///
/// # Errors
/// `Server` if the server cannot be reached or refuses to drop one.
pub fn remove_databases(server: &Address) -> Result<Vec<String>, Error> {
    let mut client = server.connect()?;
    let unused = "SELECT d.datname FROM pg_catalog.pg_database d
         WHERE d.datname ~ $1 AND pg_catalog.pg_has_role(d.datdba, 'USAGE')
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a
                            WHERE a.datname = d.datname OR a.application_name = d.datname)
         ORDER BY 1";
    let pattern = format!("^{DATABASE_PREFIX}[0-9]+(_[0-9]+)+$");
    let mut removed = Vec::new();
    for row in client.query(unused, &[&pattern])? {
        let name: String = row.get(0);
        remove(server, &mut client, &name)?;
        removed.push(name);
    }
    Ok(removed)
}

#[cfg(unix)]
pub use folders::remove_folders;

#[cfg(unix)]
mod folders {
    use std::fs::{self, File};
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    use crate::cluster::{FOLDER_PREFIX, LOCK_FILE};

    /// How long a server may take to stop.
    const STOP: Duration = Duration::from_secs(10);

    /// Removes the folders of throwaway clusters that no run uses, and says which. What belongs to another user stays.
    ///
    /// A folder is in use while its run holds the lock on a file in it. A server that outlived its run is stopped first.
    pub fn remove_folders() -> Vec<PathBuf> {
        let places = [std::env::temp_dir(), PathBuf::from("/dev/shm"), PathBuf::from("/tmp")];
        let mut removed: Vec<PathBuf> = Vec::new();
        for place in &places {
            for entry in fs::read_dir(place).into_iter().flatten().flatten() {
                let ours = entry.file_name().to_string_lossy().starts_with(FOLDER_PREFIX);
                if ours && !removed.contains(&entry.path()) && remove_folder(&entry.path()) {
                    removed.push(entry.path());
                }
            }
        }
        removed.sort();
        removed
    }

    fn remove_folder(folder: &Path) -> bool {
        // Without the file it is none of ours, or only just being made.
        let Ok(lock) = File::open(folder.join(LOCK_FILE)) else { return false };
        lock.try_lock().is_ok() && stop_server(folder) && fs::remove_dir_all(folder).is_ok()
    }

    /// Stops the server that runs in the folder; true if none does any more.
    fn stop_server(folder: &Path) -> bool {
        let Ok(text) = fs::read_to_string(folder.join("data/postmaster.pid")) else { return true };
        let Some(process) = text.lines().next().and_then(|it| it.trim().parse::<u32>().ok()) else { return true };
        let deadline = Instant::now() + STOP;
        while is_server(process, folder) {
            let quit = Command::new("kill").args(["-QUIT", &process.to_string()]).stderr(Stdio::null()).status();
            if quit.is_err() || Instant::now() > deadline {
                return false;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        true
    }

    /// Whether the process is the server of the folder: a number can meanwhile be another program's.
    fn is_server(process: u32, folder: &Path) -> bool {
        let listed = Command::new("ps").args(["-o", "args=", "-p", &process.to_string()]).output();
        listed.is_ok_and(|it| String::from_utf8_lossy(&it.stdout).contains(&*folder.to_string_lossy()))
    }
}
