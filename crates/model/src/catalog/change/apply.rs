//! How changes are made and undone, and what is kept in step with them.

use super::{Catalog, Change, Link};
use crate::StatementId;
use crate::catalog::{
    Column, ColumnId, Constraint, ConstraintId, ConstraintKind, Index, ObjectName, Relation, RelationId, RelationKind,
    TypeDefinition, TypeDefinitionKind,
};

impl Catalog {
    /// Makes one change; gives back the change that undoes it.
    ///
    /// A change that names a relation, column or constraint that does not exist does nothing and is its own inverse.
    pub fn apply(&mut self, change: Change) -> Change {
        match change {
            Change::Relation { id, to } => Change::Relation { id, to: self.put(id, to) },
            Change::Column { table, at, to } => self.put_column(table, at, to),
            Change::Constraint { table, at, to } => self.put_constraint(table, at, to),
            Change::Name { id, to } => {
                let Some(relation) = self.get_mut(id) else { return Change::Name { id, to } };
                let from = std::mem::replace(&mut relation.name, to.clone());
                self.leave_name(&from, id);
                self.take_name(to, id);
                Change::Name { id, to: from }
            }
            Change::Partition { child, to } => {
                let from = self.relink(child, |it| std::mem::replace(&mut it.partition_of, to));
                Change::Partition { child, to: from.flatten() }
            }
            Change::Inherits { child, to } => {
                let from = self.relink(child, |it| std::mem::replace(&mut it.inherits, to));
                Change::Inherits { child, to: from.unwrap_or_default() }
            }
            Change::Index { id, to } => self.put_index(id, to),
            Change::Sequence { id, to } => {
                let from = self.relink(id, |it| match &mut it.kind {
                    RelationKind::Sequence(sequence) => std::mem::replace(sequence, to),
                    _ => to,
                });
                Change::Sequence { id, to: from.unwrap_or_default() }
            }
            Change::Persistence { id, to } => match self.get_mut(id) {
                Some(it) => Change::Persistence { id, to: std::mem::replace(&mut it.persistence, to) },
                None => Change::Persistence { id, to },
            },
            Change::RowSecurity { id, to } => match self.get_mut(id) {
                Some(it) => Change::RowSecurity { id, to: std::mem::replace(&mut it.row_security, to) },
                None => Change::RowSecurity { id, to },
            },
            Change::Parts { id, to } => {
                if self.get(id).is_some() {
                    self.mentions.add(id, &to);
                }
                let from = self.relink(id, |it| std::mem::replace(&mut it.parts, to));
                from.iter().for_each(|it| self.mentions.remove(id, it));
                Change::Parts { id, to: from.unwrap_or_default() }
            }
            Change::Schema { name, to } => {
                let from = match to {
                    Some(state) => self.schemas.insert(name.clone(), state),
                    None => self.schemas.remove(&name),
                };
                Change::Schema { name, to: from }
            }
            Change::Publication { name, to } => {
                let from = match to {
                    Some(to) => self.publications.insert(name.clone(), *to),
                    None => self.publications.remove(&name),
                };
                Change::Publication { name, to: from.map(Box::new) }
            }
            Change::Extensions(to) => Change::Extensions(std::mem::replace(&mut self.extensions, to)),
            Change::PlainRoles(to) => Change::PlainRoles(std::mem::replace(&mut self.plain_roles, to)),
            Change::Populated { id, to } => match self.get_mut(id) {
                Some(it) => Change::Populated { id, to: std::mem::replace(&mut it.populated, to) },
                None => Change::Populated { id, to },
            },
            Change::Type { name, to } => self.put_type(name, to),
            Change::Function { name, to } => {
                let from = match to {
                    Some(function) => self.functions.insert(name.clone(), function),
                    None => self.functions.remove(&name),
                };
                Change::Function { name, to: from }
            }
            Change::Partial(to) => Change::Partial(std::mem::replace(&mut self.partial, to)),
            Change::Extended(to) => Change::Extended(std::mem::replace(&mut self.extended, to)),
            Change::Unread(to) => Change::Unread(std::mem::replace(&mut self.unread_since, to)),
        }
    }

    /// Gives back the ids from `first` on, whose relations were all taken back: an interpretation leaves no trace.
    pub(crate) fn give_back(&mut self, first: RelationId) {
        debug_assert!(self.relations.iter().skip(first.0 as usize).all(Option::is_none));
        self.relations.truncate(first.0 as usize);
    }

    /// Says of a relation that it exists only as if `failed` were mended.
    pub(crate) fn doubt(&mut self, id: RelationId, failed: StatementId) {
        if let Some(relation) = self.get_mut(id) {
            relation.doubtful.get_or_insert(failed);
        }
    }

    fn get_mut(&mut self, id: RelationId) -> Option<&mut Relation> {
        slot(&mut self.relations, id)
    }

    fn put(&mut self, id: RelationId, to: Option<Box<Relation>>) -> Option<Box<Relation>> {
        let slot = id.0 as usize;
        if self.relations.len() <= slot {
            self.relations.resize_with(slot + 1, || None);
        }
        let from = self.relations[slot].take();
        if let Some(old) = &from {
            self.unlink(id, old);
            self.mentions.remove(id, &**old);
            self.leave_name(&old.name, id);
        }
        if let Some(new) = &to {
            self.link(id, new);
            self.mentions.add(id, &**new);
            self.take_name(new.name.clone(), id);
        }
        self.relations[slot] = to;
        from
    }

    fn take_name(&mut self, name: ObjectName, id: RelationId) {
        self.populated.add(name.schema.clone());
        self.names.entry(name).or_default().push(id);
    }

    fn leave_name(&mut self, name: &ObjectName, id: RelationId) {
        self.populated.remove(&name.schema);
        if let Some(ids) = self.names.get_mut(name) {
            ids.retain(|it| *it != id);
            if ids.is_empty() {
                self.names.remove(name);
            }
        }
    }

    fn put_type(&mut self, name: ObjectName, to: Option<Box<TypeDefinition>>) -> Change {
        let is_domain = |it: &TypeDefinition| matches!(it.kind, TypeDefinitionKind::Domain(_));
        let extended = |it: &TypeDefinition| u32::from(!it.added.is_empty());
        if to.as_deref().is_some_and(is_domain) {
            self.domains.insert(name.clone());
        } else {
            self.domains.remove(&name);
        }
        self.extended_enums += to.as_deref().map_or(0, extended);
        let from = match to {
            Some(definition) => {
                self.type_names.add(name.name.clone());
                self.types.insert(name.clone(), *definition)
            }
            None => self.types.remove(&name),
        };
        if let Some(from) = &from {
            self.extended_enums -= extended(from);
            self.type_names.remove(&name.name);
        }
        Change::Type { name, to: from.map(Box::new) }
    }

    fn put_index(&mut self, id: RelationId, to: Box<Index>) -> Change {
        let relation = slot(&mut self.relations, id);
        let Some(RelationKind::Index(index)) = relation.map(|it| &mut it.kind) else { return Change::Index { id, to } };
        self.mentions.remove(id, index);
        self.mentions.add(id, &*to);
        Change::Index { id, to: Box::new(std::mem::replace(index, *to)) }
    }

    fn put_column(&mut self, table: RelationId, at: ColumnId, to: Option<Column>) -> Change {
        let Some(relation) = slot(&mut self.relations, table) else { return Change::Column { table, at, to } };
        to.iter().for_each(|it| self.mentions.add(table, it));
        let from = match to {
            Some(column) if at < relation.columns.len() => Some(std::mem::replace(&mut relation.columns[at], column)),
            Some(column) => {
                // A large schema is millions of columns, few of which get another beside them.
                relation.columns.reserve_exact(1);
                relation.columns.push(column);
                None
            }
            None => relation.columns.pop(),
        };
        from.iter().for_each(|it| self.mentions.remove(table, it));
        Change::Column { table, at, to: from }
    }

    fn put_constraint(&mut self, table: RelationId, at: ConstraintId, to: Option<Constraint>) -> Change {
        let Some(relation) = self.get(table) else { return Change::Constraint { table, at, to } };
        let points =
            |it: Option<&Constraint>| it.is_some_and(|it| matches!(it.kind, ConstraintKind::ForeignKey { .. }));
        let relinks = points(to.as_ref()) || points(relation.constraints.get(at).and_then(Option::as_ref));
        to.iter().for_each(|it| self.mentions.add(table, it));
        let put = |it: &mut Relation| {
            if it.constraints.len() <= at {
                if at < 4 {
                    // Most tables have few.
                    it.constraints.reserve_exact(at + 1 - it.constraints.len());
                }
                it.constraints.resize_with(at + 1, || None);
            }
            std::mem::replace(&mut it.constraints[at], to)
        };
        let from = match relinks {
            true => self.relink(table, put),
            false => self.get_mut(table).map(put),
        };
        let from = from.flatten();
        from.iter().for_each(|it| self.mentions.remove(table, it));
        Change::Constraint { table, at, to: from }
    }

    /// Changes a relation in a way that may change whom it points at.
    fn relink<T>(&mut self, id: RelationId, change: impl FnOnce(&mut Relation) -> T) -> Option<T> {
        let mut relation = self.relations.get_mut(id.0 as usize)?.take()?;
        self.unlink(id, &relation);
        let answer = change(&mut relation);
        self.link(id, &relation);
        self.relations[id.0 as usize] = Some(relation);
        Some(answer)
    }

    fn link(&mut self, id: RelationId, relation: &Relation) {
        for (link, target) in outgoing(relation) {
            self.incoming.entry(target).or_default().insert((link, id));
        }
    }

    fn unlink(&mut self, id: RelationId, relation: &Relation) {
        for (link, target) in outgoing(relation) {
            if let Some(links) = self.incoming.get_mut(&target) {
                links.remove(&(link, id));
            }
        }
    }
}

/// The relation of an id, apart from all else that the catalog keeps.
fn slot(relations: &mut [Option<Box<Relation>>], id: RelationId) -> Option<&mut Relation> {
    relations.get_mut(id.0 as usize)?.as_deref_mut()
}

/// Whom a relation points at.
fn outgoing(relation: &Relation) -> Vec<(Link, RelationId)> {
    let mut links = Vec::new();
    links.extend(relation.partition_of.iter().map(|it| (Link::Partition, it.parent)));
    links.extend(relation.inherits.iter().map(|it| (Link::Child, *it)));
    match &relation.kind {
        RelationKind::Index(index) => links.push((Link::Index, index.table)),
        RelationKind::Sequence(sequence) => {
            links.extend(sequence.owner.iter().map(|(table, _)| (Link::Sequence, *table)))
        }
        RelationKind::View(sources) | RelationKind::MaterializedView(sources) => {
            links.extend(sources.iter().map(|it| (Link::View, it.relation)));
        }
        RelationKind::Table | RelationKind::Partitioned(_) | RelationKind::Foreign | RelationKind::Composite => {}
    }
    for part in &relation.parts {
        links.extend(part.uses.iter().map(|it| (Link::Part, it.relation)));
    }
    for (_, constraint) in relation.live_constraints() {
        if let ConstraintKind::ForeignKey { references, .. } = constraint.kind {
            links.push((Link::ForeignKey, references));
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use crate::runner::Runner;
    use crate::timeline::{Options, Script, replay};

    #[test]
    fn what_goes_leaves_nothing_behind() {
        let sql = "CREATE SCHEMA s; CREATE SEQUENCE s.q; CREATE TYPE s.mood AS ENUM ('a'); CREATE DOMAIN s.d AS int;
            CREATE FUNCTION s.f(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1';
            CREATE TABLE s.t (id serial, n int DEFAULT nextval('s.q'), m s.mood, d s.d, CHECK (s.f(n) > 0));
            CREATE FUNCTION s.g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE TRIGGER g BEFORE INSERT ON s.t FOR EACH ROW EXECUTE FUNCTION s.g();
            CREATE INDEX i ON s.t (s.f(n)); ALTER TABLE s.t ALTER n DROP DEFAULT, ADD CONSTRAINT c CHECK (s.f(d) > 0);
            ALTER TABLE s.t DROP CONSTRAINT c; ALTER TABLE s.t RENAME TO u; ALTER TYPE s.mood RENAME TO humour;
            DROP TABLE s.u; DROP TYPE s.humour; DROP DOMAIN s.d; DROP FUNCTION s.f(int), s.g(); DROP SEQUENCE s.q; DROP SCHEMA s;";
        let parsed = lockkeeper_syntax::parse(sql);
        let script = Script::new(&parsed.statements, Runner::default());
        let mut refused = Vec::new();
        let history = replay(&[script], &Options::default(), &mut |step| refused.extend(step.failure.cloned()));
        assert_eq!(refused, []);
        let catalog = history.catalog;
        assert!(catalog.mentions.is_empty() && catalog.names.is_empty());
        assert!(catalog.populated.is_empty() && catalog.type_names.is_empty() && catalog.domains.is_empty());
    }
}
