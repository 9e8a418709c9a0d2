//! The operator class that an access method takes for a type by default; `GetDefaultOpClass` in `indexcmds.c`.

use super::Scope;
use crate::builtins::{self, CastContext, CastMethod, OperatorClass};
use crate::catalog::DataType;

impl Scope<'_> {
    /// The class, or that there is none. The outer `None`: the type or the access method is not known.
    pub(crate) fn default_class(&self, data_type: &DataType, method: &str) -> Option<Option<&'static OperatorClass>> {
        let category = self.category(data_type)?;
        let base = self.base_of(data_type);
        let classes: Vec<&OperatorClass> =
            builtins::operator_classes(method, self.version).filter(|it| it.default).collect();
        if classes.is_empty() {
            return None;
        }
        let taking = |name: &str| classes.iter().copied().find(|it| it.data_type == name);
        let exact = base.builtin_name().and_then(taking);
        let general = match category {
            'A' => taking("anyarray"),
            'E' => taking("anyenum"),
            'R' => taking("anyrange").or_else(|| taking("anymultirange")),
            'C' => taking("record"),
            _ => None,
        };
        Some(exact.or(general).or_else(|| self.coerced_class(base.builtin_name()?, category, &classes)))
    }

    /// Of the classes whose type has the same bytes, the one for the preferred type of the category, else the only one.
    fn coerced_class(
        &self,
        from: &str,
        category: char,
        classes: &[&'static OperatorClass],
    ) -> Option<&'static OperatorClass> {
        let binary = |to: &str| {
            builtins::cast(from, to, self.version)
                .is_some_and(|it| it.method == CastMethod::Binary && it.context == CastContext::Implicit)
        };
        let preferred =
            |it: &str| builtins::data_type(it, self.version).is_some_and(|it| it.preferred && it.category == category);
        let mut fitting = classes.iter().copied().filter(|it| binary(it.data_type));
        let first = fitting.next()?;
        let chosen = std::iter::once(first).chain(fitting).find(|it| preferred(it.data_type));
        Some(chosen.unwrap_or(first))
    }
}
