//! Functions and procedures that the history made.

use super::{Catalog, DataType, ObjectName, Place, ViewSource};
use lockkeeper_syntax::ast::{Program, QualifiedName, Volatility};
use smol_str::SmolStr;
use std::sync::Arc;

/// All functions and procedures of one name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Function {
    /// Its overloads, by age.
    pub routines: Vec<Routine>,
}

/// One function or procedure.
#[derive(Clone, Debug, PartialEq)]
pub struct Routine {
    /// What callers give.
    pub arguments: Vec<Argument>,
    /// What it gives back; of a procedure `void`.
    pub result: DataType,
    /// Whether it gives a set of rows.
    pub set: bool,
    /// Whether its last argument takes any number of values.
    pub variadic: bool,
    /// Whether it is a procedure.
    pub procedure: bool,
    /// As it was declared.
    pub volatility: Volatility,
    /// How volatile its body is at least, if the server can put that in the place of a call.
    pub inlined: Option<Volatility>,
    /// What it runs, as far as that is read.
    pub program: Option<Arc<Program>>,
    /// What its signature names, and its body if that is in the standard's form.
    pub needs: Needs,
    /// Where it was last created.
    pub place: Place,
}

impl Catalog {
    /// The functions behind a written name, by search path, if the history made one.
    pub fn find_function<'a>(
        &self,
        written: &QualifiedName,
        path: impl IntoIterator<Item = &'a SmolStr>,
    ) -> Option<(ObjectName, &Function)> {
        let inside = |schema: &SmolStr| {
            let name = ObjectName { schema: schema.clone(), name: written.name.text.clone() };
            self.function(&name).map(|it| (name, it))
        };
        match &written.schema {
            Some(schema) => inside(&schema.text),
            None => path.into_iter().find_map(inside),
        }
    }
}

/// What a function or view cannot do without.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Needs {
    /// Relations. Those that a view reads stand in its kind.
    pub relations: Vec<ViewSource>,
    /// Functions; of one that the history did not make, the schema is as written or empty.
    pub functions: Vec<ObjectName>,
    /// Types that the server does not bring.
    pub types: Vec<ObjectName>,
}

/// What a caller gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// Its name, if it has one.
    pub name: Option<SmolStr>,
    /// Its type.
    pub data_type: DataType,
    /// Whether it can be left out.
    pub has_default: bool,
}

impl Routine {
    /// How many arguments can be left out.
    pub fn defaults(&self) -> usize {
        self.arguments.iter().filter(|it| it.has_default).count()
    }

    /// Whether its arguments have these types; two such functions of one name cannot exist.
    pub fn takes<'a>(&self, types: impl ExactSizeIterator<Item = &'a DataType>) -> bool {
        let same = |a: &DataType, b: &DataType| a.name == b.name && (a.dimensions > 0) == (b.dimensions > 0);
        self.arguments.len() == types.len() && self.arguments.iter().zip(types).all(|(a, b)| same(&a.data_type, b))
    }

    /// How volatile a call is: of one whose body takes its place, what the body allows.
    pub fn effective_volatility(&self) -> Volatility {
        self.inlined.map_or(self.volatility, |it| it.min(self.volatility))
    }
}
