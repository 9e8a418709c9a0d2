//! A table is published, and nothing tells its rows apart for subscribers.

use crate::choose::Findings;
use crate::published::{self, gets_identity};
use crate::step::Step;
use crate::{About, say};
use lockkeeper_model::RelationId;
use lockkeeper_model::catalog::{Fact, Identity, Published, Relation, RelationKind};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{
    Body, CreateTable, Persistence, Publication, PublicationChange, PublishedTable, TableElement,
};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    match &step.timeline().statement.body {
        Body::Publication(it) => published(step, it, found),
        Body::CreateTable(it) if !published::makes_key(&step.statement.body) => created(step, it, found),
        _ => {}
    }
}

const CAPTION: &str = "accepted now; each UPDATE and DELETE is refused from here on";
const HELP: &str = "give it a primary key first, or a unique index over required columns as its REPLICA IDENTITY";

fn published(step: &Step<'_>, it: &Publication, found: &mut Findings<'_>) {
    let before = step.timeline().catalog.publication(&it.name.text);
    let sends = it.sends_changes().unwrap_or_else(|| before.is_none_or(|it| it.changes));
    if it.change == PublicationChange::Drop || !sends {
        return;
    }
    for named in &it.tables {
        let Some((id, table)) = step.find(&named.table.name) else { continue };
        let span = named.table.name.span();
        let name = table.name.short();
        let message = if lacks_identity(step, id) {
            format!(
                "`{name}` is published, and nothing tells its rows apart: no row of it can be changed or deleted any more"
            )
        } else if let Some(what) = hides_identity(step, id, named) {
            format!("{what} of `{name}`: no row of it can be changed or deleted any more")
        } else {
            continue;
        };
        let finding = found.report(About::Meaning(span), span, message);
        finding.caption(CAPTION);
        if let Some((script, place)) = step.created_at(id) {
            finding.label(script, place, "created here");
        }
        finding.help(HELP);
    }
    let is_named = |id: RelationId| it.tables.iter().any(|it| step.find(&it.table.name).is_some_and(|it| it.0 == id));
    let schemas: Vec<_> = it.schemas.iter().flatten().collect();
    // With other options it sends from here on what it had all along.
    let widened = before.filter(|it| !it.changes);
    let all = step.timeline().catalog.relations().filter(|(id, table)| {
        let already = |old: &Published| step.timeline().catalog.publishes(&it.name.text, old, table);
        let newly = it.all_tables || schemas.contains(&&table.name.schema) || widened.is_some_and(already);
        newly && permanent(table) && !is_named(*id) && lacks_identity(step, *id)
    });
    let lacking: Vec<_> = all.map(|(_, it)| it.name.short()).collect();
    let Some((first, rest)) = lacking.split_first() else { return };
    let more = if rest.len() > 2 { format!(" and {} more", rest.len() - 2) } else { String::new() };
    let shown = say::names(std::iter::once(first).chain(rest.iter().take(2)));
    let span: Span = it.name.span;
    let message = format!(
        "nothing tells the rows of {shown}{more} apart, which this publishes: none of them can be changed or deleted any more"
    );
    let finding = found.report(About::Meaning(span), span, message);
    finding.caption(CAPTION);
    finding.help("give them primary keys first, or name the tables that are to be published");
}

fn permanent(it: &Relation) -> bool {
    matches!(it.kind, RelationKind::Table) && it.persistence == Persistence::Permanent
}

/// A new table that a publication has from the start: of all tables, of its schema, or of what it is a partition of.
fn created(step: &Step<'_>, it: &CreateTable, found: &mut Findings<'_>) {
    let catalog = step.timeline().catalog;
    let copies = it.elements.iter().any(|it| matches!(it, TableElement::Like(like) if like.including.indexes));
    if it.persistence != Persistence::Permanent || it.partition_by.is_some() || it.foreign || copies {
        return;
    }
    let parent = it.partition_of.as_ref().and_then(|it| step.find(&it.parent));
    if parent.is_some_and(|(_, it)| it.primary_key().is_some() || !it.complete) || step.effects.skipped {
        return;
    }
    let schema = it.name.schema.as_ref().map(|it| &it.text);
    let schema = schema.or_else(|| step.session.search_path.get().first());
    let has = |name: &str, own: &Published| {
        own.all
            || schema.is_some_and(|it| own.schemas.contains(it))
            || parent.is_some_and(|(_, it)| catalog.publishes(name, own, it))
    };
    let publication = catalog.publications().find(|(name, it)| it.changes && has(name, it));
    let Some((publication, _)) = publication else { return };
    let name = &it.name;
    let mut later = step.later().iter();
    if later.any(|it| published::is_about(it, name) && gets_identity(it)) {
        return;
    }
    let message = format!(
        "publication `{publication}` has `{name}` from the start, and nothing tells its rows apart: no row of it can be changed or deleted"
    );
    let finding = found.report(About::Meaning(name.span()), name.span(), message);
    finding.caption("accepted now; each UPDATE and DELETE is refused");
    finding.help(HELP);
}

/// What keeps the columns that tell rows apart from subscribers; `CheckCmdReplicaIdentity`.
fn hides_identity(step: &Step<'_>, id: RelationId, named: &PublishedTable) -> Option<&'static str> {
    let Fact::Known(Identity::Index(index)) = step.timeline().catalog.identity(id) else { return None };
    let table = step.get(id)?;
    let key = &step.get(index)?.as_index()?.key;
    let names: Vec<&str> =
        key.iter().filter_map(|it| table.columns.get(it.column?)).map(|it| it.name.as_str()).collect();
    let listed = |name: &&str| named.columns.iter().any(|it| it.text == *name);
    let outside = named.filter.as_ref().is_some_and(|it| it.columns().iter().any(|it| !names.contains(&&*it.text)));
    if !named.columns.is_empty() && !names.iter().all(listed) {
        Some("the list lacks columns of the replica identity")
    } else if outside {
        Some("WHERE names columns outside of the replica identity")
    } else {
        None
    }
}

/// Whether it is certain that rows of the table, or of a partition of it, cannot be named, now and after what follows in
/// the script; `CheckCmdReplicaIdentity` in `src/backend/executor/execReplication.c`.
fn lacks_identity(step: &Step<'_>, id: RelationId) -> bool {
    let catalog = step.timeline().catalog;
    let mut holders = catalog.tree(id);
    holders.retain(|it| catalog.get(*it).is_some_and(|it| matches!(it.kind, RelationKind::Table)));
    if holders.is_empty() && catalog.get(id).is_some_and(|it| it.partition_key().is_some()) {
        holders.push(id);
    }
    let lacks = |it: &RelationId| catalog.identity(*it) == Fact::Known(Identity::Nothing);
    holders.iter().any(lacks)
        && !published::regains(step, id)
        && !holders.iter().any(|it| published::regains(step, *it))
}
