//! Storage parameters: which there are, and what they can be; `src/backend/access/common/reloptions.c`.

use super::work::Work;
use crate::Refusal;
use crate::decimal::Decimal;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::StorageOption;

/// What has storage parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Storage<'a> {
    /// A table or materialized view.
    Table,
    /// A view.
    View,
    /// An index of this access method.
    Index(&'a str),
}

/// What a parameter can be.
#[derive(Clone, Copy, Debug)]
enum Values {
    Boolean,
    /// A whole number between these.
    Whole(i64, i64),
    /// Any number between these.
    Number(i64, i64),
    /// One of these words.
    Word(&'static [&'static str]),
}

use Values::{Boolean, Number, Whole, Word};

/// Parameters with the version that brought each.
type Known = &'static [(&'static str, u8, Values)];

const MOST: i64 = i32::MAX as i64;
const FILL: (&str, u8, Values) = ("fillfactor", 13, Whole(10, 100));

static OF_TABLE: Known = &[
    FILL,
    ("autovacuum_analyze_scale_factor", 13, Number(0, 100)),
    ("autovacuum_analyze_threshold", 13, Whole(0, MOST)),
    ("autovacuum_enabled", 13, Boolean),
    ("autovacuum_freeze_max_age", 13, Whole(100_000, 2_000_000_000)),
    ("autovacuum_freeze_min_age", 13, Whole(0, 1_000_000_000)),
    ("autovacuum_freeze_table_age", 13, Whole(0, 2_000_000_000)),
    ("autovacuum_multixact_freeze_max_age", 13, Whole(10_000, 2_000_000_000)),
    ("autovacuum_multixact_freeze_min_age", 13, Whole(0, 1_000_000_000)),
    ("autovacuum_multixact_freeze_table_age", 13, Whole(0, 2_000_000_000)),
    ("autovacuum_vacuum_cost_delay", 13, Number(0, 100)),
    ("autovacuum_vacuum_cost_limit", 13, Whole(1, 10_000)),
    ("autovacuum_vacuum_insert_scale_factor", 13, Number(0, 100)),
    ("autovacuum_vacuum_insert_threshold", 13, Whole(-1, MOST)),
    ("autovacuum_vacuum_max_threshold", 18, Whole(-1, MOST)),
    ("autovacuum_vacuum_scale_factor", 13, Number(0, 100)),
    ("autovacuum_vacuum_threshold", 13, Whole(0, MOST)),
    ("log_autovacuum_min_duration", 13, Whole(-1, MOST)),
    ("parallel_workers", 13, Whole(0, 1024)),
    ("toast_tuple_target", 13, Whole(128, 8160)),
    ("user_catalog_table", 13, Boolean),
    ("vacuum_index_cleanup", 14, Word(&["auto", "on", "off", "true", "false", "yes", "no", "1", "0"])),
    ("vacuum_index_cleanup", 13, Boolean),
    ("vacuum_max_eager_freeze_failure_rate", 18, Number(0, 1)),
    ("vacuum_truncate", 13, Boolean),
];

static OF_VIEW: Known = &[
    ("check_option", 13, Word(&["local", "cascaded"])),
    ("security_barrier", 13, Boolean),
    ("security_invoker", 15, Boolean),
];

static OF_BTREE: Known =
    &[FILL, ("deduplicate_items", 13, Boolean), ("vacuum_cleanup_index_scale_factor", 13, Number(0, 10_000_000_000))];
static OF_GIST: Known = &[FILL, ("buffering", 13, Word(&["auto", "on", "off"]))];
static OF_GIN: Known = &[("fastupdate", 13, Boolean), ("gin_pending_list_limit", 13, Whole(64, MOST))];
static OF_BRIN: Known = &[("autosummarize", 13, Boolean), ("pages_per_range", 13, Whole(1, 131_072))];
static OF_HASH: Known = &[FILL];

impl Work<'_> {
    /// Refuses parameters that a relation of this kind does not have, and values that they cannot have. True if one is.
    pub(super) fn refuse_options<'o>(
        &mut self,
        storage: Storage<'_>,
        options: impl IntoIterator<Item = &'o StorageOption>,
    ) -> bool {
        let known = match storage {
            Storage::Table => OF_TABLE,
            Storage::View => OF_VIEW,
            Storage::Index("btree") => OF_BTREE,
            Storage::Index("gist") => OF_GIST,
            Storage::Index("gin") => OF_GIN,
            Storage::Index("brin") => OF_BRIN,
            Storage::Index("hash" | "spgist") => OF_HASH,
            // What an extension brings knows its own.
            Storage::Index(_) => return false,
        };
        let mut met: Vec<&str> = Vec::new();
        for option in options {
            let twice = met.contains(&&*option.name);
            met.push(&option.name);
            let message = match option.name.split_once('.') {
                // What lies beside the table asks, if there is anything.
                Some(("toast", _)) if storage == Storage::Table => None,
                Some(_) => Some("unrecognized parameter namespace"),
                None if twice => Some("parameter specified more than once"),
                None => self.misfit_of(known, option),
            };
            if let Some(message) = message {
                self.refuse(Refusal::Plain { sqlstate: "22023", message }, option.span);
                return true;
            }
        }
        false
    }

    /// A partitioned table has no storage of its own; `partitioned_table_reloptions`.
    pub(super) fn refuse_partitioned_options(&mut self, span: Span) {
        let refusal = if self.version.since(16) {
            Refusal::Plain { sqlstate: "42809", message: "cannot specify storage parameters for a partitioned table" }
        } else {
            Refusal::Plain { sqlstate: "22023", message: "unrecognized parameter" }
        };
        self.refuse(refusal, span);
    }

    fn misfit_of(&self, known: Known, option: &StorageOption) -> Option<&'static str> {
        let found = known.iter().find(|it| it.0 == option.name && self.version.since(it.1));
        let Some((_, _, values)) = found else { return Some("unrecognized parameter") };
        let value = option.value.as_deref().unwrap_or("true").to_ascii_lowercase();
        match values {
            Boolean if crate::literal::boolean(&value).is_none() => Some("invalid value for boolean option"),
            Whole(least, most) | Number(least, most) => match Decimal::parse(&value) {
                Some(number) if number < Decimal::from(*least) || Decimal::from(*most) < number => {
                    Some("value out of bounds for option")
                }
                Some(_) => None,
                // Other bases and units are left to the server.
                None if value.starts_with(|it: char| it.is_ascii_digit()) => None,
                None => Some("invalid value for option"),
            },
            Word(words) if !words.contains(&&*value) => Some("invalid value for enum option"),
            Boolean | Word(_) => None,
        }
    }
}
