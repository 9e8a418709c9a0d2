//! The URL of a database, as far as it tells the driver.

/// What kind of engine a driver works under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Driving {
    Synchronous,
    Asynchronous,
    /// Under either.
    Both,
    /// Before SQLAlchemy 2.1 synchronous, since then both.
    ByVersion,
    Unknown,
}

/// Drivers that work only under an asynchronous engine.
const ASYNCHRONOUS: &[&str] =
    &["asyncpg", "psycopg_async", "aiosqlite", "aiomysql", "asyncmy", "aioodbc", "oracledb_async"];
/// Drivers that work only under a synchronous one.
const SYNCHRONOUS: &[&str] = &[
    "psycopg2",
    "psycopg2cffi",
    "pg8000",
    "pysqlite",
    "pysqlcipher",
    "mysqldb",
    "pymysql",
    "mysqlconnector",
    "cx_oracle",
    "pyodbc",
];

/// What stands before `://`: `postgresql+asyncpg`.
pub(crate) fn scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once("://")?;
    let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '+' | '_');
    (!scheme.is_empty() && scheme.chars().all(plain)).then_some(scheme)
}

/// What kind of engine takes URLs that begin so.
pub(crate) fn driving(scheme: &str) -> Driving {
    match scheme.split_once('+') {
        Some((_, driver)) if ASYNCHRONOUS.contains(&driver) => Driving::Asynchronous,
        Some((_, driver)) if SYNCHRONOUS.contains(&driver) => Driving::Synchronous,
        Some(("postgresql", "psycopg")) => Driving::Both,
        Some(_) => Driving::Unknown,
        None => match scheme {
            "postgresql" => Driving::ByVersion,
            "sqlite" | "mysql" | "mariadb" | "oracle" | "mssql" => Driving::Synchronous,
            _ => Driving::Unknown,
        },
    }
}

/// Whether a URL holds a password that somebody could use. `driver://user:pass@localhost/dbname`, which `alembic init`
/// writes, holds none, and neither does what is filled in from elsewhere.
pub(crate) fn has_password(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let (authority, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = authority.split('/').next().unwrap_or_default();
    let option = |name: &str| query.split('&').find_map(|it| it.strip_prefix(name)?.strip_prefix('='));
    let (user, place) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (name, password) = user.split_once(':').unwrap_or((user, ""));
    let (name, password) = match option("password") {
        Some(password) => (option("user").unwrap_or(name), password),
        None => (name, password),
    };
    let host = option("host").unwrap_or(place).split(':').next().unwrap_or_default();
    let filled_in = password.is_empty() || password.contains(['%', '$', '{', '<', '*']);
    let words =
        ["pass", "password", "passwd", "secret", "changeme", "change_me", "your_password", "yourpassword", "xxx"];
    let placeholder = words.iter().any(|it| it.eq_ignore_ascii_case(password));
    // What everybody types on a machine of their own is no secret.
    let local = matches!(host, "localhost" | "127.0.0.1" | "") && (password == name || password == "postgres");
    scheme != "driver" && !filled_in && !placeholder && !local
}

/// Whether the host of a URL has a domain: it is no machine of one's own, and no container beside this one.
pub(crate) fn is_remote(url: &str) -> bool {
    let authority = url.split_once("://").map_or("", |it| it.1).split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    host.contains('.') && !host.starts_with("127.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_driver_tells_the_engine() {
        let kinds =
            ["postgresql+asyncpg", "postgresql+psycopg2", "postgresql+psycopg", "postgresql", "sqlite", "driver"];
        use Driving::*;
        assert_eq!(kinds.map(driving), [Asynchronous, Synchronous, Both, ByVersion, Synchronous, Unknown]);
    }

    #[test]
    fn a_placeholder_is_no_password() {
        for url in [
            "driver://user:pass@localhost/dbname",
            "postgresql://app:%(PASSWORD)s@db/app",
            "postgresql://app:${PASSWORD}@db/app",
            "postgresql://app@db/app",
            "postgresql://postgres:postgres@localhost:5432/app",
            "sqlite:///app.db",
        ] {
            assert!(!has_password(url), "{url}");
        }
        assert!(has_password("postgresql+asyncpg://app:hunter2@db.internal:5432/app"));
        assert!(has_password("postgresql://app:s3cr3t@localhost/app"));
        assert!(has_password("postgresql://db.internal/app?user=app&password=s3cr3t"));
        assert!(!has_password("postgresql://db.internal/app?user=app&password=%(PASSWORD)s"));
        assert!(is_remote("postgresql://a:b@db.internal:5432/app"));
        assert!(!is_remote("postgresql://a:b@db/app?x=1.2") && !is_remote("postgresql://a:b@127.0.0.1/app"));
    }
}
