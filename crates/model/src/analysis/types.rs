//! Types without their modifiers.

use super::{Scope, Trouble};
use crate::ObjectName;
use crate::builtins;
use crate::catalog::{DataType, TypeDefinitionKind};
use lockkeeper_syntax::ast::{QualifiedName, TypeName, Volatility};
use smol_str::SmolStr;

/// A type, or an array of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Type {
    pub(crate) name: ObjectName,
    pub(crate) array: bool,
}

impl Type {
    /// A type of `pg_catalog`, in the server's own name; `_text` is an array of `text`.
    pub(crate) fn builtin(name: &str) -> Self {
        match name.strip_prefix('_') {
            Some(element) => Type { name: ObjectName::new("pg_catalog", element), array: true },
            None => Type { name: ObjectName::new("pg_catalog", name), array: false },
        }
    }

    /// Whether it is that of a constant whose type nothing has decided yet.
    pub(crate) fn is_unknown(&self) -> bool {
        self.is("unknown")
    }

    /// Whether it is this type of `pg_catalog`.
    pub(crate) fn is(&self, name: &str) -> bool {
        !self.array && self.name.name == name && self.name.schema == "pg_catalog"
    }

    /// The name of a type of `pg_catalog`, arrays aside.
    pub(crate) fn builtin_name(&self) -> Option<&str> {
        (!self.array && self.name.schema == "pg_catalog").then_some(self.name.name.as_str())
    }

    /// The array of it.
    pub(crate) fn array_of(&self) -> Self {
        Type { name: self.name.clone(), array: true }
    }

    /// What an array of it holds.
    pub(crate) fn element(&self) -> Option<Self> {
        match self.builtin_name() {
            Some("int2vector") => Some(Type::builtin("int2")),
            Some("oidvector") => Some(Type::builtin("oid")),
            _ => self.array.then(|| Type { name: self.name.clone(), array: false }),
        }
    }

    /// With modifiers, as a column has it.
    pub(crate) fn with(&self, modifiers: Vec<i32>) -> DataType {
        DataType { name: self.name.clone(), modifiers, dimensions: u8::from(self.array) }
    }

    /// As SQL writes it.
    pub(crate) fn sql(&self) -> SmolStr {
        self.with(Vec::new()).sql()
    }
}

impl From<&DataType> for Type {
    fn from(it: &DataType) -> Self {
        Type { name: it.name.clone(), array: it.dimensions > 0 }
    }
}

/// What is known of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Traits {
    /// `pg_type.typcategory`.
    pub(super) category: char,
    /// Whether it is the preferred type of its category.
    pub(super) preferred: bool,
    /// The volatility of reading it from text.
    pub(super) input: Volatility,
    /// The volatility of writing it as text.
    pub(super) output: Volatility,
}

impl Scope<'_> {
    /// What is known of a type; nothing of those that the history does not show.
    pub(super) fn traits(&self, of: &Type) -> Option<Traits> {
        if of.array {
            let element = self.traits(&of.element()?)?;
            // `array_in` and `array_out` are stable themselves.
            return Some(Traits { category: 'A', preferred: false, input: Volatility::Stable, ..element })
                .map(|it| Traits { output: Volatility::Stable, ..it });
        }
        if of.name.schema == "pg_catalog" {
            let it = builtins::data_type(&of.name.name, self.version)?;
            return Some(Traits { category: it.category, preferred: it.preferred, input: it.input, output: it.output });
        }
        let Some(definition) = self.catalog.type_definition(&of.name) else {
            // The row of a table.
            let (_, relation) = self.catalog.relation(&of.name)?;
            let row = Traits { category: 'C', preferred: false, input: Volatility::Stable, output: Volatility::Stable };
            return relation.known().then_some(row);
        };
        let (category, input) = match &definition.kind {
            TypeDefinitionKind::Enum(_) => ('E', Volatility::Stable),
            TypeDefinitionKind::Composite(_) => ('C', Volatility::Stable),
            TypeDefinitionKind::Domain(domain) => return self.traits(&Type::from(&domain.base)),
            TypeDefinitionKind::Other | TypeDefinitionKind::Shell | TypeDefinitionKind::Unknown => return None,
        };
        Some(Traits { category, preferred: false, input, output: input })
    }

    /// The category of a type, if it is known (`pg_type.typcategory`).
    pub(crate) fn category(&self, of: &DataType) -> Option<char> {
        let of = Type::from(of);
        self.traits(&of).filter(|_| !of.is_unknown()).map(|it| it.category)
    }

    /// Whether it is known that values of the type have no collation; `type_is_collatable`.
    pub(crate) fn is_uncollatable(&self, of: &Type) -> bool {
        let mut of = self.base(of);
        while let Some(element) = of.element() {
            of = self.base(&element);
        }
        // Strings; and what is unknown, internal or no type at all.
        self.traits(&of).is_some_and(|it| !matches!(it.category, 'S' | 'X' | 'Z' | 'P'))
    }

    /// The type under a domain, or the type itself.
    pub(crate) fn base_of(&self, of: &DataType) -> Type {
        self.base(&Type::from(of))
    }

    /// The type under a domain, or the type itself.
    pub(super) fn base(&self, of: &Type) -> Type {
        if !of.array
            && let Some(definition) = self.catalog.type_definition(&of.name)
            && let TypeDefinitionKind::Domain(domain) = &definition.kind
        {
            return self.base(&Type::from(&domain.base));
        }
        of.clone()
    }

    /// The modifiers that a domain gives to the type under it.
    pub(super) fn base_modifiers(&self, of: &DataType) -> Vec<i32> {
        match self.catalog.type_definition(&of.name).map(|it| &it.kind) {
            Some(TypeDefinitionKind::Domain(domain)) if of.dimensions == 0 => self.base_modifiers(&domain.base),
            _ => of.modifiers.clone(),
        }
    }

    /// Whether the history or the server's own catalog shows the type.
    pub(super) fn knows(&self, of: &Type) -> bool {
        self.traits(of).is_some()
    }

    /// A type name as written.
    pub(super) fn written_type(&self, name: &TypeName) -> Result<DataType, Trouble> {
        if name.serial || name.set_of || name.percent_type {
            return Err(Trouble::Unknown);
        }
        let data_type = self.named_type(&name.name, name.modifiers.clone(), name.array_dimensions.min(1));
        if self.knows(&Type::from(&data_type)) { Ok(data_type) } else { Err(Trouble::Unknown) }
    }

    fn named_type(&self, name: &QualifiedName, modifiers: Vec<i32>, dimensions: u8) -> DataType {
        let full = |schema: &SmolStr| ObjectName { schema: schema.clone(), name: name.name.text.clone() };
        let name = match &name.schema {
            Some(schema) => full(&schema.text),
            None => {
                let own = self.path.iter().map(full).find(|it| self.catalog.type_definition(it).is_some());
                let of_system = builtins::data_type(&name.name.text, self.version).is_some();
                let rows = || self.path.iter().map(full).find(|it| self.catalog.relation(it).is_some());
                own.or_else(|| rows().filter(|_| !of_system))
                    .unwrap_or_else(|| full(&SmolStr::new_static("pg_catalog")))
            }
        };
        DataType { name, modifiers, dimensions }
    }
}
