//! From names as written to objects of the catalog.

use super::system::is_catalog_name;
use super::work::Work;
use crate::analysis::{Misfit, Type};
use crate::builtins;
use crate::catalog::{
    ColumnId, DataType, Fact, Origin, Relation, RelationId, RelationKind, Sequence, TypeDefinitionKind,
};
use crate::effects::Assumption;
use crate::ledgers::is_of_tool;
use crate::{ObjectName, Refusal};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Body, Expr, Name, ObjectKind, Persistence, QualifiedName, TypeName};
use smol_str::SmolStr;

/// What a statement expects behind a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// A table of any kind, partitioned and foreign too.
    Table,
    /// What `ALTER TABLE` accepts beside tables: views, indexes, sequences, materialized views.
    Relation,
    Index,
    View,
    MaterializedView,
    Sequence,
    /// A table or materialized view, as for `CREATE INDEX`.
    Indexable,
    Foreign,
}

impl Expected {
    pub(super) fn accepts(self, kind: &RelationKind) -> bool {
        use RelationKind::*;
        match self {
            Expected::Table => matches!(kind, Table | Partitioned(_) | Foreign),
            Expected::Relation => true,
            Expected::Index => matches!(kind, Index(_)),
            Expected::View => matches!(kind, View(_)),
            Expected::MaterializedView => matches!(kind, MaterializedView(_)),
            Expected::Sequence => matches!(kind, Sequence(_)),
            Expected::Indexable => matches!(kind, Table | Partitioned(_) | MaterializedView(_)),
            Expected::Foreign => matches!(kind, Foreign),
        }
    }

    /// As in the server's message `"x" is not a table`.
    fn noun(self) -> &'static str {
        match self {
            Expected::Table => "a table",
            Expected::Relation => "a relation",
            Expected::Index => "an index",
            Expected::View => "a view",
            Expected::MaterializedView => "a materialized view",
            Expected::Sequence => "a sequence",
            Expected::Indexable => "a table or materialized view",
            Expected::Foreign => "a foreign table",
        }
    }

    fn kind(self) -> RelationKind {
        match self {
            Expected::Table | Expected::Relation | Expected::Indexable => RelationKind::Table,
            Expected::Foreign => RelationKind::Foreign,
            Expected::View => RelationKind::View(Vec::new()),
            Expected::MaterializedView => RelationKind::MaterializedView(Vec::new()),
            Expected::Sequence => RelationKind::Sequence(Sequence::default()),
            // An index that nobody saw being made hangs on a table that nobody knows; `drops` treats it by name.
            Expected::Index => RelationKind::Composite,
        }
    }
}

/// What became of a lookup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The history shows it.
    Known(RelationId),
    /// The history does not show it; it is taken to exist.
    Unknown,
    /// It does not exist, or is of the wrong kind. Already refused, unless `IF EXISTS` allows it.
    Missing,
}

impl Work<'_> {
    /// The name of a new relation.
    pub(super) fn new_name(&self, name: &QualifiedName, persistence: Persistence) -> ObjectName {
        let schema = match &name.schema {
            Some(schema) => schema.text.clone(),
            None if persistence == Persistence::Temporary => SmolStr::new("pg_temp"),
            None => self.creation_schema(),
        };
        ObjectName { schema, name: name.name.text.clone() }
    }

    /// Whether `name` is free and its schema exists; refuses otherwise.
    pub(super) fn check_new_name(&mut self, name: &ObjectName, span: Span) -> bool {
        self.check_schema(name, span);
        let Some((id, existing)) = self.catalog.relation(name).filter(|(_, it)| it.known()) else { return true };
        if existing.persistence == Persistence::Temporary && !self.is_of_this_script(existing.place()) {
            // It has gone with its session, as far as the name is concerned.
            self.let_go(id);
            return true;
        }
        if self.frees_name(id) {
            return true;
        }
        self.refuse(Refusal::DuplicateRelation { name: name.name.clone() }, span);
        false
    }

    /// The schema of a new object must exist.
    pub(super) fn check_schema(&mut self, name: &ObjectName, span: Span) {
        if let Fact::Known(false) = self.catalog.schema(&name.schema)
            && !self.lenient()
        {
            self.lacks();
            self.refuse(Refusal::MissingSchema { schema: name.schema.clone() }, span);
        }
    }

    /// As [`Self::check_new_name`] for a relation with columns, whose row type has its name; `heap_create_with_catalog`.
    pub(super) fn check_new_row_type(&mut self, name: &ObjectName, span: Span) -> bool {
        if !self.check_new_name(name, span) {
            return false;
        }
        let refusal = match self.catalog.type_definition(name).map(|it| &it.kind) {
            // A composite type is a relation itself.
            Some(TypeDefinitionKind::Composite(_)) => Refusal::DuplicateRelation { name: name.name.clone() },
            Some(TypeDefinitionKind::Enum(_) | TypeDefinitionKind::Domain(_) | TypeDefinitionKind::Other) => {
                Refusal::DuplicateObject { kind: ObjectKind::Type, name: name.name.clone(), table: None }
            }
            // A shell is filled by whatever takes its name; `moveArrayTypeName`.
            None | Some(TypeDefinitionKind::Unknown | TypeDefinitionKind::Shell) => return true,
        };
        self.refuse(refusal, span);
        false
    }

    /// The relation behind a name, by search path; says nothing if there is none.
    pub(super) fn find(&self, name: &QualifiedName) -> Option<RelationId> {
        let in_schema = |schema: &SmolStr| {
            self.catalog
                .relation(&ObjectName { schema: schema.clone(), name: name.name.text.clone() })
                .map(|(id, _)| id)
        };
        match &name.schema {
            Some(schema) => in_schema(&schema.text),
            None => ["pg_temp", "pg_catalog"]
                .iter()
                .find_map(|it| in_schema(&SmolStr::new_static(it)))
                .or_else(|| self.search_path().find_map(in_schema)),
        }
    }

    /// The relation behind a name, which must exist and be of the expected kind.
    pub(super) fn resolve(&mut self, name: &QualifiedName, expected: Expected, if_exists: bool) -> Found {
        let span = name.span();
        if let Some(id) = self.find(name) {
            let relation = self.relation(id);
            if relation.known() && !expected.accepts(&relation.kind) {
                let name = relation.name.name.clone();
                self.refuse(Refusal::WrongKind { name, expected: expected.noun() }, span);
                return Found::Missing;
            }
            if let Some(by) = relation.doubtful {
                let refusal = self.missing(name);
                self.refuse_because_of(refusal, span, by);
            }
            return if relation_is_index_stand_in(self.relation(id)) { Found::Unknown } else { Found::Known(id) };
        }
        if matches!(
            name.schema.as_ref().map(|it| it.text.as_str()),
            Some("pg_catalog" | "information_schema" | "pg_toast")
        ) {
            return Found::Unknown;
        }
        // What a schema holds that somebody else made, they say.
        if name.schema.as_ref().is_some_and(|it| self.catalog.schema(&it.text) == Fact::Unknown) {
            return Found::Unknown;
        }
        // What begins so is one of the system catalog's, unless the history made it.
        if name.schema.is_none() && name.name.text.starts_with("pg_") {
            return Found::Unknown;
        }
        // What a migration tool keeps for itself, it makes itself.
        if is_of_tool(&name.name.text) {
            return Found::Unknown;
        }
        // A concurrent rebuild that the rows make fail leaves its index behind; which one, they decide.
        if expected == Expected::Index && is_left_by_rebuild(&name.name.text) {
            return Found::Unknown;
        }
        // `IF EXISTS` says that it may not be there, and the history begins without it.
        if if_exists && !self.catalog.partial() {
            return Found::Missing;
        }
        if self.lenient() {
            self.lacks();
            return self.elsewhere(name, expected).map_or(Found::Unknown, Found::Known);
        }
        if self.composite(name).is_some() && !self.reading {
            let name = name.name.text.clone();
            self.refuse(Refusal::WrongKind { name, expected: expected.noun() }, span);
            return Found::Missing;
        }
        self.lacks();
        let refusal = match (expected, &self.statement.body) {
            (Expected::Index, Body::Drop(_)) => {
                Refusal::MissingObject { kind: ObjectKind::Index, name: name.name.text.clone(), table: None }
            }
            (Expected::Foreign, Body::Drop(_)) => {
                Refusal::MissingObject { kind: ObjectKind::ForeignTable, name: name.name.text.clone(), table: None }
            }
            _ => self.missing(name),
        };
        self.refuse(refusal, span);
        Found::Missing
    }

    /// The relation that a name without schema means where the path does not lead to one: the only one of that name, as the
    /// role or the database may set another path.
    fn elsewhere(&self, name: &QualifiedName, expected: Expected) -> Option<RelationId> {
        let fits = |it: &Relation| it.known() && expected.accepts(&it.kind);
        let all = self.catalog.called(&name.name.text).filter(|(_, it)| name.schema.is_none() && fits(it));
        let mut all = all.map(|(id, _)| id);
        all.next().filter(|_| all.next().is_none())
    }

    /// The relation behind a name; one that the history does not show is entered into the catalog as assumed.
    pub(super) fn resolve_or_assume(
        &mut self,
        name: &QualifiedName,
        expected: Expected,
        if_exists: bool,
    ) -> Option<RelationId> {
        match self.resolve(name, expected, if_exists) {
            Found::Known(id) => {
                if let Origin::Assumed(_) = self.relation(id).origin {
                    let assumed = Assumption::RelationExists(self.relation(id).name.clone());
                    if !self.effects.assumed.contains(&assumed) {
                        self.effects.assumed.push(assumed);
                    }
                }
                Some(id)
            }
            Found::Missing => None,
            Found::Unknown => {
                let mut full = self.new_name(name, Persistence::Permanent);
                if name.schema.is_none() && is_catalog_name(&full.name) {
                    full.schema = SmolStr::new_static("pg_catalog");
                }
                self.effects.assumed.push(Assumption::RelationExists(full.clone()));
                let origin = Origin::Assumed(self.place(name.span()));
                Some(self.assume(Relation::new(full, expected.kind(), Persistence::Permanent, origin)))
            }
        }
    }

    fn missing(&self, name: &QualifiedName) -> Refusal {
        let full = self.new_name(name, Persistence::Permanent);
        if let Some(schema) = &name.schema
            && !self.reading
            && let Fact::Known(false) = self.catalog.schema(&schema.text)
        {
            return Refusal::MissingSchema { schema: schema.text.clone() };
        }
        Refusal::MissingRelation { name: full, qualified: name.schema.is_some() }
    }

    /// The column `name` of a relation. `None` if it does not exist, then refused, or if it cannot be known.
    pub(super) fn column(&mut self, table: RelationId, name: &Name) -> Option<ColumnId> {
        let relation = self.relation(table);
        if let Some(id) = relation.column_id(&name.text) {
            return Some(id);
        }
        if relation.complete && !is_system_column(&name.text) {
            let refusal = Refusal::MissingColumn { column: name.text.clone(), table: Some(relation.name.name.clone()) };
            self.refuse(refusal, name.span);
        }
        None
    }

    /// Refuses what no one can do to a system column.
    pub(super) fn refuse_system_column(&mut self, name: &Name, message: &'static str) -> bool {
        let system = is_system_column(&name.text);
        if system {
            self.refuse(Refusal::Plain { sqlstate: "0A000", message }, name.span);
        }
        system
    }

    /// The columns that an expression over a relation names; its whole row has its name.
    pub(super) fn check_columns(&mut self, table: RelationId, expr: &Expr) {
        let whole_row = self.relation(table).name.name.clone();
        for name in expr.columns().into_iter().filter(|it| it.text != whole_row) {
            self.column(table, name);
        }
    }

    /// Whether some schema has a function of this name that the history made.
    pub(super) fn names_function(&self, name: &str) -> bool {
        self.catalog.functions().any(|(it, _)| it.name == name)
    }

    /// The type behind a name, by search path, if the history made it.
    pub(super) fn find_type(&self, name: &QualifiedName) -> Option<ObjectName> {
        let known = |schema: &SmolStr| {
            let full = ObjectName { schema: schema.clone(), name: name.name.text.clone() };
            self.catalog.type_definition(&full).map(|_| full)
        };
        match &name.schema {
            Some(schema) => known(&schema.text),
            None => self.search_path().find_map(known),
        }
    }

    /// The table or view whose row type has this name; a sequence or index has none.
    pub(super) fn row_type(&self, name: &QualifiedName) -> Option<RelationId> {
        use RelationKind::*;
        let id = self.find(name)?;
        let relation = self.relation(id);
        match relation.kind {
            Table | Partitioned(_) | Foreign | View(_) | MaterializedView(_) => Some(id).filter(|_| relation.known()),
            Index(_) | Sequence(_) | Composite => None,
        }
    }

    /// The same by its full name, where it does not hide behind a type of the server.
    fn row_type_name(&self, name: &QualifiedName) -> Option<ObjectName> {
        let of_system = builtins::data_type(&name.name.text, self.version).is_some();
        let id = self.row_type(name).filter(|_| !of_system)?;
        Some(self.relation(id).name.clone())
    }

    /// The history does not show the type.
    pub(super) fn refuse_missing_type(&mut self, name: &QualifiedName) {
        self.lacks();
        if !self.lenient() {
            let refusal = Refusal::MissingObject { kind: ObjectKind::Type, name: name.name.text.clone(), table: None };
            self.refuse(refusal, name.span());
        }
    }

    /// Refuses a type that the server does not bring, the history did not make and no extension may have made.
    pub(super) fn check_type(&mut self, name: &TypeName) {
        let written = &name.name.name.text;
        if let Some(message) = wrong_modifiers(written, &name.modifiers, self.version.since(15)) {
            self.refuse(Refusal::Plain { sqlstate: "22023", message }, name.span);
        }
        let own_schema = name.name.schema.as_ref().map(|it| it.text.as_str());
        let of_system = matches!(own_schema, Some("pg_catalog" | "information_schema")) || written.starts_with("pg_");
        if name.serial || name.percent_type || of_system || self.catalog.extended() {
            return;
        }
        // An array type has the name of its elements behind an underscore.
        let element = written.trim_start_matches('_');
        let known = builtins::data_type(element, self.version).is_some()
            || OF_EXTENSIONS.contains(&element)
            || self.find_type(&name.name).is_some()
            || self.find(&name.name).is_some()
            || written.starts_with('_');
        if !known {
            self.refuse_missing_type(&name.name);
        }
    }

    /// Whether a column may have a collation that is written for it; `GetColumnDefCollation`.
    pub(super) fn check_collatable(&mut self, data_type: &DataType, written: Option<&QualifiedName>) {
        let Some(collation) = written else { return };
        let of = Type::from(data_type);
        if self.scope(None).is_uncollatable(&of) {
            self.refuse(Misfit::NoCollation { data_type: of.sql() }.into(), collation.span());
        }
    }

    /// A column is of no type that exists in signatures alone; `CheckAttributeType`.
    pub(super) fn check_column_type(&mut self, name: &TypeName) {
        self.check_type(name);
        let data_type = self.data_type(name);
        let pseudo = data_type.dimensions == 0
            && data_type.name.schema == "pg_catalog"
            && builtins::data_type(&data_type.name.name, self.version).is_some_and(|it| it.pseudo);
        if pseudo {
            self.refuse(Refusal::Plain { sqlstate: "42P16", message: "column has a pseudo-type" }, name.span);
        }
    }

    /// A type name as a column has it.
    pub(super) fn data_type(&self, name: &TypeName) -> DataType {
        let written = &name.name.name.text;
        let full = match &name.name.schema {
            Some(schema) => ObjectName { schema: schema.text.clone(), name: written.clone() },
            None => self
                .search_path()
                .map(|schema| ObjectName { schema: schema.clone(), name: written.clone() })
                .find(|it| self.catalog.type_definition(it).is_some())
                .or_else(|| self.row_type_name(&name.name))
                .unwrap_or_else(|| ObjectName { schema: SmolStr::new_static("pg_catalog"), name: written.clone() }),
        };
        DataType { name: full, modifiers: name.modifiers.clone(), dimensions: name.array_dimensions }
    }
}

/// What is wrong with the modifiers of a type; `anychar_typmodin`, `numerictypmodin`, `anybit_typmodin`.
fn wrong_modifiers(name: &str, modifiers: &[i32], any_scale: bool) -> Option<&'static str> {
    const LONGEST: i32 = 10 * 1024 * 1024;
    match (name, modifiers) {
        ("varchar" | "bpchar" | "bit" | "varbit", [length]) if *length < 1 => {
            Some("length for type must be at least 1")
        }
        ("varchar" | "bpchar", [length]) if *length > LONGEST => Some("length for type cannot exceed 10485760"),
        ("numeric", [precision, ..]) if !(1..=1000).contains(precision) => {
            Some("NUMERIC precision must be between 1 and 1000")
        }
        ("numeric", [precision, scale]) if !any_scale && !(0..=*precision).contains(scale) => {
            Some("NUMERIC scale must be between 0 and precision")
        }
        ("numeric", [_, scale]) if !(-1000..=1000).contains(scale) => {
            Some("NUMERIC scale must be between -1000 and 1000")
        }
        _ => None,
    }
}

/// An index that the history does not show stands in the catalog without its table.
fn relation_is_index_stand_in(relation: &Relation) -> bool {
    !relation.known() && matches!(relation.kind, RelationKind::Composite)
}

/// Types of extensions that are often made by whoever keeps the server, not by a migration.
static OF_EXTENSIONS: &[&str] = &[
    "citext",
    "cube",
    "geography",
    "geometry",
    "halfvec",
    "hstore",
    "lquery",
    "ltree",
    "ltxtquery",
    "raster",
    "sparsevec",
    "vector",
];

/// Whether an index has a name as `REINDEX … CONCURRENTLY` gives it meanwhile; `ReindexRelationConcurrently`.
fn is_left_by_rebuild(name: &str) -> bool {
    let name = name.trim_end_matches(|it: char| it.is_ascii_digit());
    name.ends_with("_ccnew") || name.ends_with("_ccold")
}

/// The columns that every table has; see "System Columns" in the manual.
pub(crate) fn is_system_column(name: &str) -> bool {
    matches!(name, "ctid" | "xmin" | "xmax" | "cmin" | "cmax" | "tableoid")
}
