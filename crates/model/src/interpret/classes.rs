//! Operator classes: which an access method takes for a type.

use super::work::Work;
use crate::Refusal;
use crate::builtins::{self, OperatorClass};
use crate::catalog::DataType;
use lockkeeper_syntax::ast::{ObjectKind, QualifiedName};

impl Work<'_> {
    /// Whether a type certainly has no default operator class for an access method.
    pub(super) fn lacks_opclass(&self, data_type: &DataType, method: &str) -> bool {
        // What an extension may add, as btree_gin does for GIN, is not known.
        let sure = matches!(method, "btree" | "hash") || !(self.lenient() || self.catalog.extended());
        sure && self.default_class(data_type, method) == Some(None)
    }

    /// As `Scope::default_class`.
    pub(super) fn default_class(&self, data_type: &DataType, method: &str) -> Option<Option<&'static OperatorClass>> {
        self.scope(None).default_class(data_type, method)
    }

    /// Refuses an operator class that no access method of this name has.
    pub(super) fn check_class(&mut self, opclass: Option<&QualifiedName>, method: &str) {
        let Some(name) = opclass else { return };
        if self.lenient()
            || self.catalog.extended()
            || name.schema.as_ref().is_some_and(|it| it.text != "pg_catalog")
            || builtins::operator_classes(method, self.version).next().is_none()
            || builtins::operator_classes(method, self.version).any(|it| it.name == name.name.text)
        {
            return;
        }
        let kind = ObjectKind::OperatorClass;
        self.refuse(Refusal::MissingObject { kind, name: name.name.text.clone(), table: None }, name.span());
    }
}
