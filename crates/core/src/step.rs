//! One statement at its moment, as rules see it.

use crate::Size;
use crate::back::WaysBack;
use crate::options::OptionValues;
use crate::refusals::{Reporter, reporter};
use crate::work::root_of;
use crate::{Dialect, Finding, Input, Settings, clause};
use lockkeeper_model::catalog::{Function, Relation, RelationKind, TypeDefinition};
use lockkeeper_model::timeline::{self, OpenedBy};
use lockkeeper_model::{
    DropReason, DroppedObject, Failure, LockMode, ObjectName, Origin, Place, Refusal, RelationId, StatementId,
};
use lockkeeper_sources::{Framework, Note, NoteKind, RevisionNote};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Body, BoundKind, QualifiedName, RenamedPart, Statement, Transaction};
use smol_str::SmolStr;
use std::ops::Deref;

/// A step of the timeline, with the texts of the scripts and what the settings say of tables.
pub(crate) struct Step<'a> {
    step: &'a timeline::Step<'a>,
    scripts: &'a [Input<'a>],
    /// The place in `scripts` of each script of the history.
    places: &'a [usize],
    ways_back: &'a WaysBack,
    settings: &'a Settings,
    /// What the settings tell the rule that looks at it.
    pub(crate) options: OptionValues<'a>,
}

impl<'a> Deref for Step<'a> {
    type Target = timeline::Step<'a>;

    fn deref(&self) -> &Self::Target {
        self.step
    }
}

impl<'a> Step<'a> {
    pub(crate) fn new(
        step: &'a timeline::Step<'a>,
        scripts: &'a [Input<'a>],
        places: &'a [usize],
        ways_back: &'a WaysBack,
        settings: &'a Settings,
    ) -> Self {
        Self { step, scripts, places, ways_back, settings, options: OptionValues::default() }
    }

    /// Whether the project runs on SQLite too.
    pub(crate) fn runs_on_sqlite(&self) -> bool {
        self.settings.dialects.contains(&Dialect::Sqlite)
    }

    /// The whole of this script.
    pub(crate) fn script_text(&self) -> &'a str {
        self.scripts[self.script()].sql
    }

    /// The migration that this script undoes, if it leads back, and its place as the caller of `lint` counts.
    pub(crate) fn undone(&self) -> Option<(usize, &'a Input<'a>)> {
        let migration = self.ways_back.undone_by(self.script())?;
        Some((migration, &self.scripts[migration]))
    }

    /// The step of the timeline, for what has to outlive this view of it.
    pub(crate) fn timeline(&self) -> &'a timeline::Step<'a> {
        self.step
    }

    /// The statement's script, as the caller of `lint` counts.
    pub(crate) fn script(&self) -> usize {
        self.script_of(self.id.script)
    }

    /// A place of the history: the script, as the caller of `lint` counts, and the clause in it.
    pub(crate) fn locate(&self, place: Place) -> (usize, Span) {
        (self.script_of(place.statement.script), place.span)
    }

    fn script_of(&self, script: u32) -> usize {
        self.places.get(script as usize).copied().unwrap_or_default()
    }

    /// A clause of this script as written.
    pub(crate) fn text(&self, span: Span) -> &'a str {
        span.of(self.scripts[self.script()].sql)
    }

    /// A clause of another script of the history, by its place as the caller of `lint` counts.
    pub(crate) fn text_of(&self, script: usize, span: Span) -> &'a str {
        span.of(self.scripts[script].sql)
    }

    /// The statement as written, without semicolon.
    pub(crate) fn statement_text(&self) -> &'a str {
        self.text(self.statement.span)
    }

    /// The statement's own refusal, if it is for this rule to report. One that an earlier failure causes never is.
    pub(crate) fn refusal(&self, by: Reporter) -> Option<&'a Failure> {
        let failure = self.step.effects.failure.as_ref().filter(|it| it.caused_by.is_none())?;
        // What depends on it may have gone with what is not read.
        if matches!(failure.refusal, Refusal::DependentObjects { .. }) && self.is_behind_unread(self.id) {
            return None;
        }
        (reporter(&failure.refusal, self) == by).then_some(failure)
    }

    /// "PostgreSQL 17 refuses this (0A000)".
    pub(crate) fn refuses(&self, failure: &Failure) -> String {
        format!("PostgreSQL {} refuses this ({})", self.version, failure.refusal.sqlstate())
    }

    /// A relation.
    pub(crate) fn get(&self, id: RelationId) -> Option<&'a Relation> {
        self.step.catalog.get(id)
    }

    /// The name of a relation as a user writes it.
    pub(crate) fn name(&self, id: RelationId) -> SmolStr {
        self.get(id).map_or_else(SmolStr::default, |it| it.name.short())
    }

    /// The relation behind a name, by search path.
    pub(crate) fn find(&self, name: &QualifiedName) -> Option<(RelationId, &'a Relation)> {
        let catalog = self.step.catalog;
        let inside = |schema: &SmolStr| catalog.relation(&ObjectName::new(schema.clone(), name.name.text.clone()));
        match &name.schema {
            Some(schema) => inside(&schema.text),
            None => {
                let path = self.step.session.search_path.get().iter();
                inside(&SmolStr::new_static("pg_temp")).or_else(|| path.into_iter().find_map(inside))
            }
        }
    }

    /// The type behind a name, by search path, if the history made it.
    pub(crate) fn find_type(&self, name: &QualifiedName) -> Option<&'a TypeDefinition> {
        let catalog = self.step.catalog;
        let inside =
            |schema: &SmolStr| catalog.type_definition(&ObjectName::new(schema.clone(), name.name.text.clone()));
        match &name.schema {
            Some(schema) => inside(&schema.text),
            None => self.step.session.search_path.get().iter().find_map(inside),
        }
    }

    /// The functions behind a name, by search path, if the history made one.
    pub(crate) fn find_function(&self, name: &QualifiedName) -> Option<&'a Function> {
        self.step.catalog.find_function(name, self.step.session.search_path.get()).map(|(_, it)| it)
    }

    /// The strongest lock on a relation while the statement runs: its own or one that the transaction holds already.
    pub(crate) fn lock_on(&self, id: RelationId) -> Option<LockMode> {
        let own = self.effects.lock_on(id).map(|it| it.mode);
        own.max(self.held.on(id).map(|it| it.mode))
    }

    /// Whether work on the table is short: the settings call it small, or a live database says so.
    pub(crate) fn is_small(&self, id: RelationId) -> bool {
        let by_size = self.size(id).is_some_and(|it| self.options.is_small(it));
        by_size || self.get(id).is_some_and(|it| self.settings.tables.small.matches(&it.name))
    }

    /// How large a table is, where a live database was asked.
    pub(crate) fn size(&self, id: RelationId) -> Option<Size> {
        self.get(id).and_then(|it| self.settings.tables.sizes.of(&it.name))
    }

    /// Whether nobody waits for a lock on it: it is new, or may be, or the settings say that nothing uses it, or that the
    /// rule is to say nothing of it.
    pub(crate) fn is_quiet(&self, id: RelationId) -> bool {
        self.is_new(id)
            || self.may_be_new(id)
            || self.get(id).is_some_and(|it| self.settings.tables.no_traffic.matches(&it.name))
            || self.allows(id)
    }

    /// Whether the settings want the rule to say nothing of the relation, or of the partitioned table that it belongs to.
    pub(crate) fn allows(&self, id: RelationId) -> bool {
        let allowed = |id| self.get(id).is_some_and(|it| self.options.allow(&it.name));
        allowed(id) || allowed(root_of(self, id))
    }

    /// Whether the settings want the rule to say nothing of what the finding is about.
    pub(crate) fn allows_subject(&self, finding: &Finding) -> bool {
        if let Some(id) = finding.about.relation() {
            return self.allows(id);
        }
        if let Some(name) = finding.subject.as_ref().or(finding.about.named()) {
            return self.options.allow(name);
        }
        let target = clause::target(&self.statement.body);
        target.is_some_and(|name| match self.find(name) {
            Some((id, _)) => self.allows(id),
            None => self.options.allow(&self.in_full(name)),
        })
    }

    /// The name of something that the statement is about to make.
    fn in_full(&self, name: &QualifiedName) -> ObjectName {
        let schema = name.schema.as_ref().map_or_else(|| self.step.session.creation_schema(), |it| it.text.clone());
        ObjectName::new(schema, name.name.text.clone())
    }

    /// Whether it is first named in this script behind something that is not read, which may have made it.
    fn may_be_new(&self, id: RelationId) -> bool {
        let Some(Origin::Assumed(place)) = self.get(id).map(|it| it.origin) else { return false };
        place.statement.script == self.id.script && self.is_behind_unread(place.statement)
    }

    /// Whether something that is not read stands before the statement, which is one of this script.
    fn is_behind_unread(&self, statement: StatementId) -> bool {
        let first = self.scripts[self.script()].unread.first();
        first.is_some_and(|it| *it <= statement.statement as usize)
    }

    /// Whether it is a partitioned table.
    pub(crate) fn is_partitioned(&self, id: RelationId) -> bool {
        self.get(id).is_some_and(|it| matches!(it.kind, RelationKind::Partitioned(_)))
    }

    /// Whether its partitions can be detached concurrently: PostgreSQL 14 brought that, and it is refused beside a
    /// default partition.
    pub(crate) fn detaches_concurrently(&self, table: RelationId) -> bool {
        let bound = |id: &RelationId| self.get(*id)?.partition_of.as_ref()?.bound.as_ref();
        let partitions = self.step.catalog.partitions(table);
        self.version.since(14) && !partitions.iter().any(|it| matches!(bound(it), Some(BoundKind::Default)))
    }

    /// The word `CONCURRENTLY` of the statement, if it has one that needs a statement of its own.
    pub(crate) fn concurrently(&self) -> Option<Span> {
        self.statement.body.concurrently()
    }

    /// Who runs this script.
    pub(crate) fn framework(&self) -> Framework {
        self.scripts[self.script()].framework
    }

    /// What its tool minds about the statement or what stands above it; of the last one also what stands below.
    pub(crate) fn notes(&self) -> impl Iterator<Item = &'a Note> {
        let from = self.earlier().last().map_or(0, |it| it.span.end);
        let to = if self.later().is_empty() { u32::MAX } else { self.statement.span.end };
        self.scripts[self.script()].notes.iter().filter(move |it| (from..to).contains(&it.span.start))
    }

    /// Whether the statement at a place of the history is not sent where the project runs on SQLite.
    pub(crate) fn is_left_out_on_sqlite(&self, place: Place) -> bool {
        let script = &self.scripts[self.script_of(place.statement.script)];
        let at = place.statement.statement as usize;
        let end = |at: usize| script.parsed.statements.get(at).map_or(u32::MAX, |it| it.span.end);
        let around = at.checked_sub(1).map_or(0, end)..end(at);
        let left_out = |it: &&Note| it.kind == NoteKind::Revision(RevisionNote::NotOnSqlite);
        script.notes.iter().filter(left_out).any(|it| around.contains(&it.span.start))
    }

    /// Whether what a script makes depends on the day on which it runs; the day that it was read with is made up.
    pub(crate) fn reads_clock(&self, script: usize) -> bool {
        self.scripts[script].notes.iter().any(|it| it.kind == NoteKind::Revision(RevisionNote::Clock))
    }

    /// The statements of this script before the current one.
    pub(crate) fn earlier(&self) -> &'a [Statement] {
        let all = &self.scripts[self.script()].parsed.statements;
        &all[..(self.id.statement as usize).min(all.len())]
    }

    /// The statements of this script behind the current one.
    pub(crate) fn later(&self) -> &'a [Statement] {
        let all = &self.scripts[self.script()].parsed.statements;
        all.get(self.id.statement as usize + 1..).unwrap_or_default()
    }

    /// Whether a later statement of this script drops the relation, and so keeps others off it anyway.
    pub(crate) fn goes_later(&self, id: RelationId) -> bool {
        let names = |it: &QualifiedName| self.find(it).is_some_and(|(found, _)| found == id);
        self.later().iter().any(|it| matches!(&it.body, Body::Drop(it) if it.objects.iter().any(|it| names(&it.name))))
    }

    /// Whether a later statement of this script makes something of the same name, or renames it so.
    pub(crate) fn made_again(&self, relation: &Relation) -> bool {
        self.later().iter().any(|it| {
            let name = match &it.body {
                Body::CreateView(it) => &it.name.name,
                Body::CreateTable(it) => &it.name.name,
                Body::CreateTableAs(it) => &it.name.name,
                Body::Rename(it) if it.part == RenamedPart::Itself => &it.to,
                // What is not read may well make it.
                Body::Do(_) => return true,
                _ => return false,
            };
            name.text == relation.name.name
        })
    }

    /// The first line of the statement.
    pub(crate) fn head(&self) -> Span {
        first_line(self.scripts[self.script()].sql, self.statement.span)
    }

    /// The first line of another statement of the history, with its script as the caller of `lint` counts.
    pub(crate) fn head_of(&self, id: StatementId) -> (usize, Span) {
        let script = self.script_of(id.script);
        let input = &self.scripts[script];
        let statement = input.parsed.statements.get(id.statement as usize);
        (script, statement.map(|it| first_line(input.sql, it.span)).unwrap_or_default())
    }

    /// The statement of this script that opened the transaction, if the file did it itself.
    pub(crate) fn opened_at(&self) -> Option<Span> {
        if self.transaction.opened_by != OpenedBy::File {
            return None;
        }
        let opens = |body: &Body| matches!(body, Body::Transaction(Transaction::Begin | Transaction::Start));
        self.earlier().iter().rev().find(|it| opens(&it.body)).map(|it| it.span)
    }

    /// The partitioned table that the statement makes a partition of, or attaches one to.
    pub(crate) fn parent_of_target(&self) -> Option<String> {
        match &self.statement.body {
            Body::CreateTable(it) => it.partition_of.as_ref().map(|it| it.parent.to_string()),
            _ => None,
        }
    }

    /// The schema that a dropped object lives in; of what belongs to a table, the table's.
    pub(crate) fn schema_of(&self, object: &DroppedObject) -> Option<&'a str> {
        match object {
            DroppedObject::Relation(id)
            | DroppedObject::Rows(id)
            | DroppedObject::Column { table: id, .. }
            | DroppedObject::Constraint { table: id, .. }
            | DroppedObject::Part { table: id, .. } => self.get(*id).map(|it| it.name.schema.as_str()),
            DroppedObject::Type(_) | DroppedObject::Schema(_) | DroppedObject::Other { .. } => None,
        }
    }

    /// Whether `CASCADE` takes the object along from outside of a schema that the statement drops. What lives in the
    /// schema goes with it as a matter of course; functions and types, whose schema is not followed, count as inside.
    pub(crate) fn outside_dropped_schemas(&self, object: &DroppedObject) -> bool {
        let mut schemas = self.effects.drops.iter().filter_map(|it| match &it.object {
            DroppedObject::Schema(name) if it.how == DropReason::Named => Some(name.as_str()),
            _ => None,
        });
        match self.schema_of(object) {
            Some(schema) => schemas.all(|it| it != schema),
            None => schemas.next().is_none(),
        }
    }

    /// Whether the statement commits by itself.
    pub(crate) fn commits_alone(&self) -> bool {
        self.transaction.opened_by == OpenedBy::Statement
    }

    /// Where a relation was created, if the history shows it.
    pub(crate) fn created_at(&self, id: RelationId) -> Option<(usize, Span)> {
        match self.get(id)?.origin {
            Origin::Created(place) => Some(self.locate(place)),
            Origin::Assumed(_) => None,
        }
    }
}

fn first_line(sql: &str, statement: Span) -> Span {
    let text = statement.of(sql);
    let end = text.find(['\n', '\r']).unwrap_or(text.len());
    Span::new(statement.start, statement.start + end as u32)
}
