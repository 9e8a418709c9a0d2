//! A throwaway server: made by `initdb`, reached through a unix socket only, gone when dropped or when this process dies.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use postgres::{Config, NoTls};
use tempfile::TempDir;

use crate::Error;
use crate::account::Account;
use crate::server::Server;
use std::os::unix::process::CommandExt;

/// Folders of throwaway clusters begin with this, so that leftovers can be told from other people's files.
pub const FOLDER_PREFIX: &str = "lockkeeper-";

/// In each such folder a file that its run keeps locked.
pub(crate) const LOCK_FILE: &str = "run.lock";

/// The longest path that fits into `sockaddr_un` on every Unix (macOS has 104 bytes, one of them the final NUL).
const SOCKET_PATH_MAX: usize = 103;

/// A loaded machine may need seconds; a server that needs longer is not coming.
const START_DEADLINE: Duration = Duration::from_secs(60);

/// The shell that starts the server and outlives this process if need be: its standard input is a pipe from here, and when the
/// pipe closes – on drop, on exit, on `kill -9` – it stops the server at once and removes the folder. If the server stops by
/// itself, the folder and its log stay for the error message.
const SUPERVISOR: &str = r#"
dir=$1
copy=$2
shift 2
exec 3<&0
"$@" >"$dir/log" 2>&1 </dev/null 3<&- &
server=$!
( read -r _ <&3; : >"$dir/ended"; kill -QUIT "$server" ) &
watcher=$!
exec 3<&- </dev/null
wait "$server"
kill "$watcher" 2>/dev/null
[ ! -e "$dir/ended" ] || rm -rf -- "$dir" ${copy:+"$copy"}
"#;

/// Nothing here has to survive a crash, and nothing may act by itself while a statement is observed.
const SETTINGS: &[&str] = &[
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "jit=off",
    "max_parallel_maintenance_workers=0",
    "max_parallel_workers_per_gather=0",
    "max_connections=300",
    "max_locks_per_transaction=128",
    "max_prepared_transactions=10",
    "shared_buffers=32MB",
    "wal_init_zero=off",
    "wal_recycle=off",
    "min_wal_size=32MB",
    "max_wal_size=64MB",
    "timezone=UTC",
    "lc_messages=C",
    "log_timezone=UTC",
];

/// A running throwaway server. Dropping it stops the server and removes its files.
#[derive(Debug)]
pub struct Cluster {
    server: Server,
    config: Config,
    supervisor: Child,
    folder: Folder,
    /// The copy of the server's programs that it runs from, if the originals are out of its reach.
    _copy: Option<Folder>,
}

/// A temporary folder and the lock that says that it is in use.
#[derive(Debug)]
pub(crate) struct Folder {
    folder: TempDir,
    _lock: File,
}

impl Folder {
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Cluster {
    /// Makes and starts a server in the system's folder for temporary files. As root it runs as `postgres` or `nobody`.
    ///
    /// # Errors
    /// `Program` and `Folder` if the machine stands in the way, `Start` with the server's own words if it does not come up.
    pub fn start(server: &Server) -> Result<Self, Error> {
        Self::start_in(server, &std::env::temp_dir())
    }

    /// The same in a folder below `place`, such as [`memory_folder`]. The name of the socket there must not be too long for the
    /// operating system; else `/tmp` is taken.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_in(server: &Server, place: &Path) -> Result<Self, Error> {
        let folder = temporary_folder(place)?;
        let account = Account::for_owner_of(folder.path())?;
        account.give(folder.path())?;
        let copy = account.copy_if_closed(server)?;
        let bin_dir = match (&copy, server.bin_dir.file_name()) {
            (Some(copy), Some(name)) => copy.path().join(name),
            _ => server.bin_dir.clone(),
        };
        let data = folder.path().join("data");

        let mut initdb = quiet_command(&bin_dir.join("initdb"), folder.path());
        initdb.arg("--pgdata").arg(&data);
        initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        account.apply(&mut initdb);
        let made = initdb
            .stdin(Stdio::null())
            .output()
            .map_err(|source| Error::Program { program: bin_dir.join("initdb"), source })?;
        if !made.status.success() {
            return Err(not_started(server, &String::from_utf8_lossy(&made.stderr)));
        }

        let mut supervisor = quiet_command(Path::new("/bin/sh"), folder.path());
        supervisor.args(["-c", SUPERVISOR, "lockkeeper-cluster"]).arg(folder.path());
        supervisor.arg(copy.as_ref().map_or(Path::new(""), |it| it.path()));
        supervisor.arg(bin_dir.join("postgres")).arg("-D").arg(&data).arg("-k").arg(folder.path());
        supervisor.args(SETTINGS.iter().flat_map(|it| ["-c", it]));
        account.apply(&mut supervisor);
        // Out of the terminal's group: Ctrl-C ends this process, and the closed pipe then ends the server in order.
        supervisor.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let supervisor =
            supervisor.spawn().map_err(|source| Error::Program { program: PathBuf::from("/bin/sh"), source })?;

        let mut config = Config::new();
        config.host_path(folder.path()).user("postgres").dbname("postgres").connect_timeout(START_DEADLINE);
        let mut cluster = Self { server: server.clone(), config, supervisor, folder, _copy: copy };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    /// The version that runs.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// How to connect, as superuser, to the database `postgres`.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The folder that holds the data, the socket and the log.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What the server wrote into its log when it gave up, if it did.
    pub fn last_words(&self) -> Option<String> {
        let log = fs::read_to_string(self.folder.path().join("log")).ok()?;
        // Who came before it was ready was told so, which is no reason to give up.
        let told = |it: &&str| !it.contains("starting up");
        let last = log
            .lines()
            .rev()
            .filter(told)
            .find_map(|it| it.split_once("PANIC:").or_else(|| it.split_once("FATAL:")))?;
        Some(last.1.trim().to_owned())
    }

    fn wait_until_ready(&mut self) -> Result<(), Error> {
        let deadline = Instant::now() + START_DEADLINE;
        while self.config.connect(NoTls).is_err() {
            let ended = matches!(self.supervisor.try_wait(), Ok(Some(_)) | Err(_));
            if ended || Instant::now() > deadline {
                let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                return Err(not_started(&self.server, &log));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // `wait` closes the pipe first; the shell then stops the server and removes the folder. `TempDir` removes what is left
        // if the shell could not.
        let _ = self.supervisor.wait();
    }
}

/// The folder of files that live in memory, if there is one with room for several clusters. To create a database means to write
/// some 300 files; there it takes a tenth of the time.
pub fn memory_folder() -> Option<PathBuf> {
    const ROOM: u64 = 2 << 30;
    let folder = Path::new("/dev/shm");
    let room = rustix::fs::statvfs(folder).ok()?;
    (room.f_bavail.saturating_mul(room.f_frsize) >= ROOM).then(|| folder.to_owned())
}

/// A new folder in `place`, or in `/tmp` if a socket in it would have too long a path.
pub(crate) fn temporary_folder(place: &Path) -> Result<Folder, Error> {
    let socket = place.as_os_str().len() + "/".len() + FOLDER_PREFIX.len() + 6 + "/.s.PGSQL.5432".len();
    let place = if socket <= SOCKET_PATH_MAX { place } else { Path::new("/tmp") };
    let failed = |source| Error::Folder { path: place.to_owned(), source };
    let folder = tempfile::Builder::new().prefix(FOLDER_PREFIX).tempdir_in(place).map_err(failed)?;
    // It gets its name when it is locked: under that name no other run ever finds it free while this one lives.
    let unlocked = folder.path().join("run.lock.new");
    let lock = File::create(&unlocked).map_err(failed)?;
    lock.lock().map_err(failed)?;
    fs::rename(&unlocked, folder.path().join(LOCK_FILE)).map_err(failed)?;
    Ok(Folder { folder, _lock: lock })
}

/// A command that no `PG…` variable of the user and no locale steers.
fn quiet_command(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PG") {
            command.env_remove(name);
        }
    }
    command.env("LC_ALL", "C").env("TZ", "UTC").current_dir(folder);
    command
}

fn not_started(server: &Server, log: &str) -> Error {
    let lines: Vec<&str> = log.lines().filter(|it| !it.trim().is_empty()).collect();
    let end = lines[lines.len().saturating_sub(5)..].join(" / ");
    Error::Start { major: server.major, bin_dir: server.bin_dir.clone(), log: end }
}
