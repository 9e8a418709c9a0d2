//! Keys over periods (PostgreSQL 18), and what a foreign key cannot do to columns that are computed; the checks of
//! `ATAddForeignKeyConstraint` in `src/backend/commands/tablecmds.c`.

use super::work::Work;
use crate::Refusal;
use crate::catalog::{DataType, RelationId, TypeDefinitionKind};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{ForeignKey, ForeignKeyAction, Name};

impl Work<'_> {
    /// A key without overlaps has a column beside the one with the ranges; `transformIndexConstraint`.
    pub(super) fn check_overlaps(&mut self, table: RelationId, columns: &[Name], span: Span) {
        let [.., last] = columns else { return };
        if columns.len() < 2 {
            let message = "constraint using WITHOUT OVERLAPS needs at least two columns";
            return self.refuse(Refusal::Plain { sqlstate: "42601", message }, span);
        }
        let column = self.relation(table).column(&last.text);
        if column.is_some_and(|it| self.holds_no_ranges(&it.data_type)) {
            let message = "column in WITHOUT OVERLAPS is not a range or multirange type";
            self.refuse(Refusal::Plain { sqlstate: "42804", message }, last.span);
        }
    }

    /// Whether the type is one of the server's, and neither a range nor a multirange.
    fn holds_no_ranges(&self, data_type: &DataType) -> bool {
        match self.catalog.type_definition(&data_type.name).map(|it| &it.kind) {
            Some(TypeDefinitionKind::Domain(domain)) => self.holds_no_ranges(&domain.base),
            Some(TypeDefinitionKind::Enum(_) | TypeDefinitionKind::Composite(_)) => true,
            Some(TypeDefinitionKind::Other | TypeDefinitionKind::Shell | TypeDefinitionKind::Unknown) => false,
            None => {
                let is_range = data_type.dimensions == 0 && data_type.name.name.ends_with("range");
                data_type.name.schema == "pg_catalog" && !is_range
            }
        }
    }

    /// Both sides name a period, or none.
    pub(super) fn check_periods(&mut self, key: &ForeignKey, index: Option<RelationId>) {
        let overlaps = index.and_then(|it| self.relation(it).as_index()).is_some_and(|it| it.exclusion);
        let whole = key.referenced_columns.is_empty();
        let message = if !key.period && (key.referenced_period || whole && overlaps) {
            "foreign key uses PERIOD on the referenced table but not the referencing table"
        } else if key.period && !whole && !key.referenced_period {
            "foreign key uses PERIOD on the referencing table but not the referenced table"
        } else if !key.period && overlaps {
            "foreign key must use PERIOD when referencing a primary key using WITHOUT OVERLAPS"
        } else {
            return;
        };
        self.refuse(Refusal::Plain { sqlstate: "42830", message }, key.references_span);
    }

    /// What does not go with a computed column, or with a period.
    pub(super) fn check_actions(&mut self, table: RelationId, key: &ForeignKey) {
        use ForeignKeyAction::{Cascade, NoAction, SetDefault, SetNull};
        let relation = self.relation(table);
        let computed = |it: &Name| relation.column(&it.text).is_some_and(|it| it.generated.is_some());
        let (computed, period) = (key.columns.iter().any(computed), key.period);
        let refusal = if computed && matches!(key.on_update, SetNull | SetDefault | Cascade) {
            ("42601", "invalid ON UPDATE action for foreign key constraint containing generated column")
        } else if computed && matches!(key.on_delete, SetNull | SetDefault) {
            ("42601", "invalid ON DELETE action for foreign key constraint containing generated column")
        } else if period && key.on_update != NoAction {
            ("0A000", "unsupported ON UPDATE action for foreign key constraint using PERIOD")
        } else if period && key.on_delete != NoAction {
            ("0A000", "unsupported ON DELETE action for foreign key constraint using PERIOD")
        } else {
            return;
        };
        let (sqlstate, message) = refusal;
        self.refuse(Refusal::Plain { sqlstate, message }, key.references_span);
    }
}
