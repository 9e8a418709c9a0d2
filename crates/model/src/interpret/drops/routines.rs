//! Functions that cannot do without what goes: they stand in the way, or go along.

use super::Dependent;
use crate::Place;
use crate::catalog::{Change, Needs, ObjectName, Routine};
use crate::effects::{DropReason, DroppedObject};
use crate::interpret::work::Work;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::ObjectKind;

impl Work<'_> {
    /// The functions of which `needs` is true, with the server's lines for them.
    pub(super) fn routines_needing(&self, on: &str, needs: impl Fn(&Needs) -> bool) -> Vec<(Dependent, String)> {
        let mut found = Vec::new();
        for (name, function) in self.catalog.functions() {
            for it in function.routines.iter().filter(|it| needs(&it.needs)) {
                found.push((
                    Dependent::Routine(name.clone(), it.place),
                    format!("{} depends on {on}", signature(name, it)),
                ));
            }
        }
        found
    }

    /// The function that was made there goes, and with it what calls it.
    pub(super) fn drop_routine(&mut self, name: &ObjectName, place: Place, span: Span) {
        let Some(mut function) = self.catalog.function(name).cloned() else { return };
        function.routines.retain(|it| it.place != place);
        let object = DroppedObject::Other { kind: ObjectKind::Function, name: name.short() };
        self.dropped(object, DropReason::Cascade, span);
        let to = (!function.routines.is_empty()).then_some(function);
        let last = to.is_none();
        self.change(Change::Function { name: name.clone(), to });
        if last {
            self.drop_callers(name, Some(span), span);
        }
    }
}

fn signature(name: &ObjectName, it: &Routine) -> String {
    let types: Vec<String> = it.arguments.iter().map(|it| it.data_type.sql().to_string()).collect();
    let word = if it.procedure { "procedure" } else { "function" };
    format!("{word} {}({})", name.short(), types.join(","))
}
