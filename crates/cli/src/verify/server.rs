//! The server that migrations are tried on: one that is started and thrown away, or one that is named.

use super::VerifyError;
use crate::args::VerifyArgs;
use crate::host::Host;
use crate::{CliError, Outcome, output};
use lockkeeper_model::Version;
use lockkeeper_verify::player::Limits;
use lockkeeper_verify::{Address, Error, leftovers};

/// A server that runs.
pub(crate) struct Server {
    address: Address,
    /// Stops when dropped.
    #[cfg(unix)]
    cluster: Option<lockkeeper_verify::Cluster>,
    pub(crate) version: Version,
    /// As it names itself.
    pub(crate) name: String,
    /// What it is, for the report.
    pub(crate) place: String,
    /// What is to be known of the choice.
    pub(crate) note: Option<String>,
    pub(crate) limits: Limits,
    /// The `TimeZone` of its sessions: what a change between types of time costs depends on it.
    pub(crate) time_zone: Option<String>,
}

/// A zone that is not UTC, in the form that needs no files: so a throwaway cluster shows what a server can do at worst.
const TIME_ZONE: &str = "XYZ-1";

impl Server {
    /// Starts the server of the wanted version, or connects to the named one.
    pub(crate) fn open(args: &VerifyArgs, wanted: Version, host: &dyn Host) -> Result<Self, CliError> {
        match &args.database_url {
            Some(url) => Ok(Self::named(connection(url, host)?, args.allow_cluster_wide)?),
            None => Ok(Self::start(args, wanted)?),
        }
    }

    /// How to connect.
    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    /// What a server that was started here wrote when it gave up, if it did.
    pub(crate) fn last_words(&self) -> Option<String> {
        #[cfg(unix)]
        let words = self.cluster.as_ref()?.last_words();
        #[cfg(not(unix))]
        let words = None;
        words
    }

    fn named(address: Address, cluster_wide: bool) -> Result<Self, VerifyError> {
        let mut client = address.connect()?;
        let answer = client
            .query_one(
                "SELECT current_setting('server_version_num')::int / 10000, current_setting('server_version'),
                        current_setting('TimeZone')",
                &[],
            )
            .map_err(Error::from)?;
        let (major, version): (i32, String) = (answer.get(0), answer.get(1));
        let major = u32::try_from(major).unwrap_or_default();
        Ok(Self {
            place: format!("a scratch database on {}", address.place()),
            address,
            #[cfg(unix)]
            cluster: None,
            version: known(major).ok_or(VerifyError::UnknownVersion(major))?,
            name: format!("PostgreSQL {}", version.split(' ').next().unwrap_or_default()),
            note: None,
            limits: Limits { cluster_wide, make_roles: false },
            time_zone: Some(answer.get(2)),
        })
    }

    #[cfg(unix)]
    fn start(args: &VerifyArgs, wanted: Version) -> Result<Self, VerifyError> {
        use lockkeeper_verify::{Cluster, cluster, server};
        let mut found = server::find(&args.pg_bin);
        found.retain(|it| known(it.major).is_some());
        let exact = found.iter().find(|it| it.major == u32::from(wanted.major()));
        let chosen = match (exact, args.input.pg) {
            (Some(it), _) => it.clone(),
            (None, None) if !found.is_empty() => found[found.len() - 1].clone(),
            (None, pg) => {
                let versions: Vec<String> = found.iter().map(|it| it.version.clone()).collect();
                let wanted = pg.map(|it| format!("of version {it} ")).unwrap_or_default();
                let found = if versions.is_empty() { String::new() } else { format!(" (but {})", versions.join(", ")) };
                return Err(VerifyError::NoServer { wanted, found });
            }
        };
        let version = known(chosen.major).ok_or(VerifyError::UnknownVersion(chosen.major))?;
        let place = cluster::memory_folder().unwrap_or_else(std::env::temp_dir);
        let cluster = Cluster::start_in(&chosen, &place)?;
        Ok(Self {
            address: (&*cluster.config().clone().options(&format!("-c timezone={TIME_ZONE}"))).into(),
            cluster: Some(cluster),
            version,
            name: chosen.to_string(),
            place: "a throwaway cluster".to_owned(),
            note: (version != wanted).then(|| format!("PostgreSQL {wanted} is not installed here")),
            limits: Limits { cluster_wide: true, make_roles: true },
            time_zone: Some(TIME_ZONE.to_owned()),
        })
    }

    #[cfg(not(unix))]
    fn start(_: &VerifyArgs, _: Version) -> Result<Self, VerifyError> {
        let found = " (throwaway clusters need Unix)".to_owned();
        Err(VerifyError::NoServer { wanted: String::new(), found })
    }
}

fn known(major: u32) -> Option<Version> {
    u8::try_from(major).ok().and_then(Version::new)
}

/// Reads a connection string. A password may stand in `PGPASSWORD` instead, where no list of processes shows it.
pub(crate) fn connection(url: &str, host: &dyn Host) -> Result<Address, VerifyError> {
    Address::read(url, &|name| host.env(name)).map_err(VerifyError::Address)
}

/// Removes what killed runs have left: databases on the named server, else folders on this machine.
pub(crate) fn clean_up(args: &VerifyArgs, host: &dyn Host) -> Result<Outcome, CliError> {
    let removed: Vec<String> = match &args.database_url {
        Some(url) => {
            let address = connection(url, host)?;
            let names = leftovers::remove_databases(&address).map_err(VerifyError::from)?;
            names.into_iter().map(|it| format!("database {it}")).collect()
        }
        None => folders(),
    };
    let mut text: String = removed.iter().map(|it| format!("removed {it}\n")).collect();
    if removed.is_empty() {
        text.push_str("nothing was left behind\n");
    }
    output::stdout(&text, host)?;
    Ok(Outcome::Clean)
}

#[cfg(unix)]
fn folders() -> Vec<String> {
    leftovers::remove_folders().iter().map(|it| format!("folder {}", it.display())).collect()
}

#[cfg(not(unix))]
fn folders() -> Vec<String> {
    Vec::new()
}
