//! Policies without row-level security, and row-level security without policies.

use crate::end::{End, EndFindings};
use lockkeeper_model::catalog::{PartKind, Relation};

pub(crate) fn check(end: &End<'_>, found: &mut EndFindings<'_>) {
    for (id, table) in end.tables() {
        let Some(place) = end.created_at(id) else { continue };
        let name = table.name.short();
        match (has_policies(table), table.row_security) {
            (true, false) => {
                let message = format!("the policies of `{name}` have no effect: row-level security is off");
                let Some(finding) = found.report(&table.name, place, message) else { continue };
                finding.help("turn it on, once the policies say what each role may see");
                finding.instead(format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;"));
            }
            (false, true) => {
                let message =
                    format!("nobody but its owner sees rows of `{name}`: row-level security is on without a policy");
                let Some(finding) = found.report(&table.name, place, message) else { continue };
                finding.help("create a policy for those who are to see rows");
            }
            _ => {}
        }
    }
}

fn has_policies(table: &Relation) -> bool {
    table.parts.iter().any(|it| it.kind == PartKind::Policy)
}
