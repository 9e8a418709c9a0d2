//! Enumerated types that a revision creates and drops itself.

use crate::alembic::args::Args;
use crate::alembic::eval::Interpreter;
use crate::alembic::render::{create_type, qualified_into};
use crate::alembic::schema::Enumeration;
use crate::alembic::text::Text;

impl<'a> Interpreter<'a> {
    /// `Enum.create(bind)` and `Enum.drop(bind)`. What `checkfirst` finds is not known, so the statement is sent.
    pub(super) fn create_or_drop(&mut self, it: &Enumeration, create: bool, args: Args<'a>) {
        let span = args.span;
        if !it.native {
            return;
        }
        if create {
            return self.send_or_say(create_type(it, span), span);
        }
        let Some(name) = &it.name else {
            return self.problem(span, "PostgreSQL's ENUM type needs a name".to_owned());
        };
        let mut out = Text::made("DROP TYPE ", span);
        qualified_into(it.schema.as_ref(), name, span, &mut out);
        self.send(out, span);
    }
}
