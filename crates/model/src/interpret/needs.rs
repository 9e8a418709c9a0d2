//! What a view or function cannot do without; `find_expr_references_walker` in `src/backend/catalog/dependency.c`.

use super::queries::is_system;
use super::work::Work;
use crate::builtins;
use crate::catalog::{Needs, ObjectName, RelationId, ViewSource, fixed_sequence};
use lockkeeper_syntax::ast::{Body, Code, CreateFunction, Expr, ExprKind, Query, TypeName, Write, WriteKind};
use smol_str::SmolStr;

impl Work<'_> {
    /// What the query of a view names beside relations.
    pub(super) fn query_needs(&self, query: &Query) -> Needs {
        let mut needs = Needs::default();
        query.expressions.iter().for_each(|it| self.expression_needs(it, &mut needs));
        needs
    }

    fn expression_needs(&self, expr: &Expr, needs: &mut Needs) {
        expr.walk(&mut |it| match &it.kind {
            ExprKind::Call(call) => {
                let unknown = || {
                    let schema = call.name.schema.as_ref().map_or_else(SmolStr::default, |it| it.text.clone());
                    ObjectName { schema, name: call.name.name.text.clone() }
                };
                let name = self.find_function(&call.name).unwrap_or_else(unknown);
                if !needs.functions.contains(&name) {
                    needs.functions.push(name);
                }
                if let Some(sequence) = fixed_sequence(call).and_then(|it| self.find(&it)) {
                    add_relation(needs, sequence);
                }
            }
            ExprKind::Cast { to, .. } => self.type_needs(to, needs),
            _ => {}
        });
    }

    /// A type that the server does not bring, or the table whose rows it is.
    fn type_needs(&self, written: &TypeName, needs: &mut Needs) {
        let name = self.data_type(written).name;
        if let Some(table) = self.row_type(&written.name).filter(|_| self.catalog.type_definition(&name).is_none()) {
            add_relation(needs, table);
        } else if (name.schema != "pg_catalog" || builtins::data_type(&name.name, self.version).is_none())
            && !needs.types.contains(&name)
        {
            needs.types.push(name);
        }
    }

    /// What a routine's signature names, and its body if that is in the standard's form.
    pub(super) fn routine_needs(&self, it: &CreateFunction) -> Needs {
        let mut needs = Needs::default();
        for written in it.parameters.iter().map(|it| &it.data_type).chain(&it.returns) {
            self.type_needs(written, &mut needs);
        }
        let Some(program) = it.program.as_deref().filter(|it| it.bound) else { return needs };
        let Code::Sql(statements) = &program.code else { return needs };
        let variables = super::functions::variables(it);
        for statement in statements {
            match &statement.body {
                Body::Select(query) => self.body_needs(query, &variables, &mut needs),
                Body::Write(write) => self.write_needs(write, &variables, &mut needs),
                _ => {}
            }
        }
        needs
    }

    fn body_needs(&self, query: &Query, variables: &[&SmolStr], needs: &mut Needs) {
        needs.relations.extend(super::scopes::meaning(self, query, variables).uses);
        query.expressions.iter().for_each(|it| self.expression_needs(it, needs));
        query.writes.iter().for_each(|it| self.write_needs(it, variables, needs));
    }

    /// A write needs the columns that it gives values, so that they stay.
    fn write_needs(&self, it: &Write, variables: &[&SmolStr], needs: &mut Needs) {
        self.body_needs(&it.query, variables, needs);
        let Some(table) = self.find(&it.table.name).filter(|_| !is_system(&it.table.name)) else { return };
        let relation = self.relation(table);
        let columns = match &it.values {
            Some((width, _)) if it.columns.is_empty() && it.kind == WriteKind::Insert => {
                relation.live_columns().map(|(at, _)| at).take(*width).collect()
            }
            _ => it.columns.iter().filter_map(|it| relation.column_id(&it.text)).collect(),
        };
        needs.relations.push(ViewSource { relation: table, columns: Some(columns), only: false, apart: true });
        if matches!(it.kind, WriteKind::Update | WriteKind::Delete) {
            let names = it.query.expressions.iter().flat_map(Expr::columns);
            let read = names.filter_map(|it| relation.column_id(&it.text)).collect();
            needs.relations.push(ViewSource { relation: table, columns: Some(read), only: false, apart: true });
        }
    }
}

/// The relation as a whole, whatever becomes of its columns.
fn add_relation(needs: &mut Needs, relation: RelationId) {
    if !needs.relations.iter().any(|it| it.relation == relation) {
        needs.relations.push(ViewSource { relation, columns: Some(Vec::new()), only: false, apart: true });
    }
}
