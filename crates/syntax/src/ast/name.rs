//! Names, and the kinds of object that they can name.

use crate::Span;
use smol_str::SmolStr;
use std::fmt;

/// One identifier, as the server stores it: folded to lower case unless quoted, cut at 63 bytes.
#[derive(Clone, Debug)]
pub struct Name {
    /// The folded text.
    pub text: SmolStr,
    /// Where it is written, with its quotes.
    pub span: Span,
}

/// A name with its schema, if one is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QualifiedName {
    /// The schema, if written.
    pub schema: Option<Name>,
    /// The object itself.
    pub name: Name,
}

/// Names are equal when their folded texts are; where they stand does not matter.
impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Name {}

impl std::hash::Hash for Name {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl QualifiedName {
    /// From the first letter of the schema to the last of the name.
    pub fn span(&self) -> Span {
        match &self.schema {
            Some(schema) => schema.span.to(self.name.span),
            None => self.name.span,
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&quoted(&self.text))
    }
}

impl fmt::Display for QualifiedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}.")?;
        }
        write!(f, "{}", self.name)
    }
}

/// A relation named in a statement, with `ONLY` if written.
#[derive(Clone, Debug, PartialEq)]
pub struct RelationName {
    /// Its name.
    pub name: QualifiedName,
    /// Whether `ONLY` stands before it: partitions and inheritance children are left out.
    pub only: bool,
}

/// The name of a data type with its modifiers, as `numeric(10, 2)[]`.
#[derive(Clone, Debug)]
pub struct TypeName {
    /// The type; the grammar's short forms are resolved, so `int` is `pg_catalog.int4`.
    pub name: QualifiedName,
    /// The modifiers that are integer constants, as `10, 2`.
    pub modifiers: Vec<i32>,
    /// How many array dimensions are written.
    pub array_dimensions: u8,
    /// `serial`, `bigserial` and `smallserial` stay as written in [`Self::name`]; this says so.
    pub serial: bool,
    /// `SETOF`.
    pub set_of: bool,
    /// `table.column%TYPE`.
    pub percent_type: bool,
    /// From the first token to the last.
    pub span: Span,
}

/// Types are equal when they say the same, wherever they stand.
impl PartialEq for TypeName {
    fn eq(&self, other: &Self) -> bool {
        let Self { name, modifiers, array_dimensions, serial, set_of, percent_type, span: _ } = self;
        *name == other.name
            && *modifiers == other.modifiers
            && *array_dimensions == other.array_dimensions
            && *serial == other.serial
            && *set_of == other.set_of
            && *percent_type == other.percent_type
    }
}

/// The kinds of object that `ALTER`, `DROP`, `RENAME` and `COMMENT` can name.
/// Follows `ObjectType` of `src/include/nodes/parsenodes.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the server's own")]
pub enum ObjectKind {
    AccessMethod,
    Aggregate,
    Attribute,
    Cast,
    Collation,
    Column,
    Constraint,
    Conversion,
    Database,
    DomainConstraint,
    Domain,
    EventTrigger,
    Extension,
    ForeignDataWrapper,
    ForeignTable,
    Function,
    Index,
    Language,
    LargeObject,
    MaterializedView,
    Operator,
    OperatorClass,
    OperatorFamily,
    Policy,
    Procedure,
    Publication,
    Role,
    Routine,
    Rule,
    Schema,
    Sequence,
    Server,
    Statistics,
    Subscription,
    Table,
    Tablespace,
    TextSearchConfiguration,
    TextSearchDictionary,
    TextSearchParser,
    TextSearchTemplate,
    Transform,
    Trigger,
    Type,
    UserMapping,
    View,
}

/// The words of `ObjectKind`, in SQL's spelling, with the tags of its commands.
macro_rules! kinds {
    ($($kind:ident $word:literal),* $(,)?) => {
        impl ObjectKind {
            /// The kind in SQL's words, as `MATERIALIZED VIEW`.
            pub fn word(self) -> &'static str {
                match self { $(ObjectKind::$kind => $word),* }
            }
            /// The command tag of its `ALTER`.
            pub fn alter_tag(self) -> &'static str {
                match self { $(ObjectKind::$kind => concat!("ALTER ", $word)),* }
            }
            /// The command tag of its `DROP`.
            pub fn drop_tag(self) -> &'static str {
                match self { $(ObjectKind::$kind => concat!("DROP ", $word)),* }
            }
        }
    };
}

kinds! {
    AccessMethod "ACCESS METHOD", Aggregate "AGGREGATE", Attribute "TYPE", Cast "CAST", Collation "COLLATION",
    Column "TABLE", Constraint "TABLE", Conversion "CONVERSION", Database "DATABASE", DomainConstraint "DOMAIN",
    Domain "DOMAIN", EventTrigger "EVENT TRIGGER", Extension "EXTENSION", ForeignDataWrapper "FOREIGN DATA WRAPPER",
    ForeignTable "FOREIGN TABLE", Function "FUNCTION", Index "INDEX", Language "LANGUAGE",
    LargeObject "LARGE OBJECT", MaterializedView "MATERIALIZED VIEW", Operator "OPERATOR",
    OperatorClass "OPERATOR CLASS", OperatorFamily "OPERATOR FAMILY", Policy "POLICY", Procedure "PROCEDURE",
    Publication "PUBLICATION", Role "ROLE", Routine "ROUTINE", Rule "RULE", Schema "SCHEMA", Sequence "SEQUENCE",
    Server "SERVER", Statistics "STATISTICS", Subscription "SUBSCRIPTION", Table "TABLE", Tablespace "TABLESPACE",
    TextSearchConfiguration "TEXT SEARCH CONFIGURATION", TextSearchDictionary "TEXT SEARCH DICTIONARY",
    TextSearchParser "TEXT SEARCH PARSER", TextSearchTemplate "TEXT SEARCH TEMPLATE", Transform "TRANSFORM",
    Trigger "TRIGGER", Type "TYPE", UserMapping "USER MAPPING", View "VIEW",
}

/// The identifier as SQL needs it: quoted unless it is lower case and plain.
/// A reserved word is quoted too; see `quote_identifier` in `src/backend/utils/adt/ruleutils.c`.
pub fn quoted(identifier: &str) -> SmolStr {
    let plain = identifier.bytes().enumerate().all(|(at, byte)| match byte {
        b'a'..=b'z' | b'_' => true,
        b'0'..=b'9' => at > 0,
        _ => false,
    });
    if plain && !identifier.is_empty() && !crate::keywords::needs_quotes(identifier) {
        return SmolStr::new(identifier);
    }
    SmolStr::from(format!("\"{}\"", identifier.replace('"', "\"\"")))
}
