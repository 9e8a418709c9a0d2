//! `with op.batch_alter_table(…)`: operations wait for the end of the block.

use super::Subject;
use crate::RevisionNote;
use crate::alembic::args::Args;
use crate::alembic::eval::{Interpreter, Sent};
use crate::alembic::value::Value;
use lockkeeper_syntax::Span;
use std::cell::RefCell;
use std::rc::Rc;

/// A batch of operations on one table.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(super) subject: Subject,
    /// Whether `naming_convention` gives names to the constraints that have none.
    pub(super) names: bool,
    /// What is sent when the block ends.
    queue: RefCell<Vec<Sent>>,
}

impl<'a> Interpreter<'a> {
    pub(super) fn batch(&mut self, mut args: Args<'a>) -> Value<'a> {
        let subject = self.subject(&mut args, None, "table_name", "schema");
        let recreate = args.named("recreate").and_then(|it| it.value.text());
        let recreates = |how: &str| recreate.as_ref().is_some_and(|it| it.as_str() == how);
        let subject = Subject { copied: !recreates("never"), since: self.remarks.len(), ..subject };
        if let Some(schema) = subject.schema.as_ref().filter(|_| self.dialect == "sqlite") {
            let place = schema.source().unwrap_or(args.span);
            self.no_schema_on_sqlite(schema, place);
        }
        let names = args.named("naming_convention").is_some();
        // On PostgreSQL no table is copied, so what says how to copy it changes nothing.
        args.ignore(&["copy_from", "table_args", "table_kwargs", "reflect_args", "reflect_kwargs"]);
        args.ignore(&["partial_reordering"]);
        if recreates("always") {
            self.problem(args.span, "a table that is always copied is not understood".to_owned());
        }
        self.finish(&args, "batch_alter_table");
        let batch = Rc::new(Batch { subject, names, queue: RefCell::default() });
        self.batches.push(Rc::clone(&batch));
        Value::Batch(batch)
    }

    pub(crate) fn batch_method(&mut self, batch: &Rc<Batch>, name: &str, mut args: Args<'a>) -> Value<'a> {
        match name {
            "f" => return self.call_alembic("alembic.op.f", args),
            "get_bind" => return Value::Connection,
            "get_context" => return Value::Context,
            // Not queued: it runs before what stands above it in the block.
            "execute" => return self.operation(name, args, None),
            _ => {}
        }
        let start = self.sent.len();
        self.copies_on_sqlite(name, batch, args.span);
        // `insert_before` and `insert_after` need a copy of the table, which nothing asks for here.
        for place in ["insert_before", "insert_after"] {
            if args.named(place).is_some_and(|it| !matches!(it.value, Value::None)) {
                let message = format!("Alembic takes `{place}` only in a batch with recreate=\"always\"");
                self.problem(args.span, message);
            }
        }
        let result = self.operation(name, args, Some(&batch.subject));
        batch.queue.borrow_mut().extend(self.sent.drain(start..));
        result
    }

    /// Notes a statement that speaks of a table on which operations wait in a batch.
    pub(super) fn before_batch(&mut self, sql: &str, at: Span) {
        let waits = |it: &Rc<Batch>| !it.queue.borrow().is_empty() && sql.contains(it.subject.table.as_str());
        if self.batches.iter().any(waits) {
            self.remark(RevisionNote::BeforeBatch, at);
        }
    }

    /// Says of batches that nobody left what became of them: nothing.
    pub(crate) fn left_open(&mut self) {
        for batch in std::mem::take(&mut self.batches) {
            if let Some(first) = batch.queue.borrow().first() {
                let message = "the batch is never left, so Alembic sends nothing of it".to_owned();
                self.problem(first.call, message);
            }
        }
    }

    /// Sends what waits.
    pub(crate) fn flush(&mut self, batch: &Rc<Batch>) {
        self.batches.retain(|it| !Rc::ptr_eq(it, batch));
        let waiting = std::mem::take(&mut *batch.queue.borrow_mut());
        self.sent.extend(waiting);
    }
}
