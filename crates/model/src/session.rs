//! The settings of the session that runs the migration.

use lockkeeper_syntax::ast::{Set, SetValue};
use smol_str::SmolStr;

/// What `SET` and `set_config` have said so far, as far as DDL depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Where unqualified names are looked up, the first place for new relations.
    pub search_path: Setting<Vec<SmolStr>>,
    /// `lock_timeout` in milliseconds; 0 means none.
    pub lock_timeout: Setting<Option<u64>>,
    /// `statement_timeout` in milliseconds; 0 means none.
    pub statement_timeout: Setting<Option<u64>>,
    /// `TimeZone`.
    pub time_zone: Setting<Option<SmolStr>>,
    /// `check_function_bodies`.
    pub check_function_bodies: Setting<Option<bool>>,
    /// `standard_conforming_strings`: whether a backslash in a string stands for itself; none for the default, that it does.
    pub plain_strings: Setting<Option<bool>>,
    /// `allow_system_table_mods`.
    pub system_changes: Setting<Option<bool>>,
    /// `session_replication_role`: whether changes count as those of another server, so that neither foreign keys nor rules act.
    pub replica: Setting<bool>,
    /// `SET SESSION AUTHORIZATION`; none for whoever connected.
    authorization: Setting<Option<SmolStr>>,
    /// `SET ROLE`; none for the role of the session.
    role: Setting<Option<SmolStr>>,
}

/// A setting with the value that `SET LOCAL` hides until the transaction ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setting<T> {
    value: T,
    local: Option<T>,
}

impl<T> Setting<T> {
    /// The value in force.
    pub fn get(&self) -> &T {
        self.local.as_ref().unwrap_or(&self.value)
    }

    fn set(&mut self, value: T, local: bool) {
        if local {
            self.local = Some(value);
        } else {
            self.value = value;
            self.local = None;
        }
    }
}

/// A new connection: `"$user", public`, and nothing known of the timeouts.
impl Default for Session {
    fn default() -> Self {
        Self {
            search_path: Setting { value: default_path(), local: None },
            lock_timeout: Setting::default(),
            statement_timeout: Setting::default(),
            time_zone: Setting::default(),
            check_function_bodies: Setting::default(),
            plain_strings: Setting::default(),
            system_changes: Setting::default(),
            replica: Setting::default(),
            authorization: Setting::default(),
            role: Setting::default(),
        }
    }
}

/// What a setting that is on or off is set to.
fn is_on(value: &str) -> bool {
    !matches!(&*value.to_ascii_lowercase(), "off" | "false" | "no" | "0")
}

fn default_path() -> Vec<SmolStr> {
    vec![SmolStr::new("public")]
}

impl Session {
    /// Gives a new connection the timeouts that its tool sets, and the time zone of its server.
    pub fn preset(&mut self, lock_timeout: Option<u64>, statement_timeout: Option<u64>, time_zone: Option<SmolStr>) {
        self.time_zone.value = time_zone;
        self.lock_timeout.value = lock_timeout;
        self.statement_timeout.value = statement_timeout;
    }

    /// The schema that an unqualified new relation goes to.
    pub fn creation_schema(&self) -> SmolStr {
        self.search_path.get().first().cloned().unwrap_or_else(|| SmolStr::new("public"))
    }

    /// The role that statements run as; none that is known if it is whoever connected.
    pub fn acting(&self) -> Option<&SmolStr> {
        self.role.get().as_ref().or(self.authorization.get().as_ref())
    }

    /// Obeys a `SET` or `RESET`. `SET LOCAL` outside of a transaction does nothing, as on the server.
    pub fn obey(&mut self, set: &Set, in_transaction: bool) {
        if set.local && !in_transaction {
            return;
        }
        let values = match &set.value {
            SetValue::To(values) => Some(values.as_slice()),
            SetValue::Default => None,
            SetValue::ResetAll => {
                // Who one is stays; `GUC_NO_RESET_ALL`.
                let (authorization, role) = (self.authorization.clone(), self.role.clone());
                *self = Self { authorization, role, ..Self::default() };
                return;
            }
            SetValue::Current | SetValue::Transaction => return,
        };
        self.assign(&set.name, values, set.local);
    }

    /// Gives a setting its value, or its default.
    pub fn assign(&mut self, name: &str, values: Option<&[String]>, local: bool) {
        let first = values.and_then(<[String]>::first);
        match name.to_ascii_lowercase().as_str() {
            "search_path" => {
                // `"$user"` names a schema that the history cannot know; it is passed over.
                let path = values.map(|all| {
                    all.iter()
                        .flat_map(|it| it.split(','))
                        .map(|it| SmolStr::new(it.trim().trim_matches('"')))
                        .filter(|it| !it.is_empty() && it != "$user")
                        .collect()
                });
                self.search_path.set(path.unwrap_or_else(default_path), local);
            }
            "lock_timeout" => self.lock_timeout.set(first.and_then(|it| milliseconds(it)), local),
            "statement_timeout" => self.statement_timeout.set(first.and_then(|it| milliseconds(it)), local),
            "check_function_bodies" => {
                self.check_function_bodies.set(first.map(|it| is_on(it)), local);
            }
            "standard_conforming_strings" => {
                self.plain_strings.set(first.map(|it| is_on(it)), local);
            }
            "allow_system_table_mods" => self.system_changes.set(first.map(|it| is_on(it)), local),
            "session_replication_role" => {
                self.replica.set(first.is_some_and(|it| it.eq_ignore_ascii_case("replica")), local);
            }
            // A new session user plays no role; `SetSessionAuthorization` in `src/backend/utils/init/miscinit.c`.
            "session_authorization" => {
                self.authorization.set(first.map(SmolStr::new), local);
                self.role.set(None, local);
            }
            "role" => self.role.set(first.filter(|it| !it.eq_ignore_ascii_case("none")).map(SmolStr::new), local),
            "timezone" | "time zone" => self.time_zone.set(first.map(SmolStr::new), local),
            _ => {}
        }
    }

    /// Forgets what `SET LOCAL` said, at the end of a transaction.
    pub fn end_transaction(&mut self) {
        self.search_path.local = None;
        self.lock_timeout.local = None;
        self.statement_timeout.local = None;
        self.time_zone.local = None;
        self.check_function_bodies.local = None;
        self.plain_strings.local = None;
        self.system_changes.local = None;
        self.replica.local = None;
        self.authorization.local = None;
        self.role.local = None;
    }
}

/// A time setting in milliseconds: a number alone counts them, units are those of the manual's "Setting Parameters".
pub(crate) fn milliseconds(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (whole, fraction) = text[..digits].split_once('.').unwrap_or((&text[..digits], ""));
    let number: u128 = [whole, fraction].concat().parse().ok()?;
    let microseconds: u128 = match text[digits..].trim() {
        "" | "ms" => 1_000,
        "us" => 1,
        "s" => 1_000_000,
        "min" => 60_000_000,
        "h" => 3_600_000_000,
        "d" => 86_400_000_000,
        _ => return None,
    };
    let divisor = 10_u128.checked_pow(u32::try_from(fraction.len()).ok()?)?.checked_mul(1_000)?;
    let rounded = number.checked_mul(microseconds)?.checked_add(divisor / 2)? / divisor;
    u64::try_from(rounded).ok()
}

/// Whether a time setting is a number with a unit that the server does not know, as `5 seconds`.
pub(crate) fn has_unknown_unit(text: &str) -> bool {
    let text = text.trim();
    let unit = text.trim_start_matches(|it: char| it.is_ascii_digit() || it == '.');
    let number = &text[..text.len() - unit.len()];
    let unit = unit.trim();
    let is_word = !unit.is_empty() && unit.bytes().all(|it| it.is_ascii_alphabetic());
    // `0xf` is a number.
    number.starts_with(|it: char| it.is_ascii_digit())
        && is_word
        && !unit.starts_with(['x', 'X'])
        && !matches!(unit, "us" | "ms" | "s" | "min" | "h" | "d")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        assert_eq!(milliseconds("5s"), Some(5_000));
        assert_eq!(milliseconds("250"), Some(250));
        assert_eq!(milliseconds("1.5 min"), Some(90_000));
        assert_eq!(milliseconds("1500us"), Some(2));
        assert_eq!(milliseconds(".25s"), Some(250));
        assert_eq!(milliseconds("0"), Some(0));
        assert_eq!(milliseconds("1.2.3"), None);
        assert_eq!(milliseconds("soon"), None);
        let unknown = ["5 seconds", "5sec", "2m", "10 S"];
        assert!(unknown.into_iter().all(has_unknown_unit));
        let known = ["5s", "5", "1.5 min", "0xf", "1e3", "soon", "-1", "", "$1", "100 ms "];
        assert!(!known.into_iter().any(has_unknown_unit));
    }

    #[test]
    fn a_local_setting_ends_with_its_transaction() {
        let mut session = Session::default();
        session.assign("lock_timeout", Some(&["1s".into()]), false);
        session.assign("lock_timeout", Some(&["5s".into()]), true);
        assert_eq!(*session.lock_timeout.get(), Some(5_000));
        session.end_transaction();
        assert_eq!(*session.lock_timeout.get(), Some(1_000));
    }
}
