//! Functions and procedures.

use super::names::Expected;
use super::queries::{is_system, read_with};
use super::work::{Work, builtin};
use crate::catalog::{Argument, Change, DataType, Fact, Function, Part, RelationId, Routine};
use crate::effects::{DropReason, DroppedObject, LockMode};
use crate::{Misfit, ObjectName, Refusal};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{
    AlteredFunction, Body, Call, Code, CreateFunction, Do, Drop, DropTarget, Expr, ObjectKind, ParameterMode,
    Persistence, Program, QualifiedName, Statement, TypeName,
};
use smol_str::SmolStr;

/// `CREATE FUNCTION`; `CreateFunction` in `functioncmds.c` and `ProcedureCreate` in `pg_proc.c`.
pub(super) fn create(work: &mut Work<'_>, it: &CreateFunction) {
    let name = work.new_name(&it.name, Persistence::Permanent);
    check_defaults(work, it);
    check_body(work, it.program.as_deref(), variables(it).into_iter().cloned().collect());
    if let (Some(span), Some(language)) = (it.atomic, &it.language)
        && !language.text.eq_ignore_ascii_case("sql")
    {
        let message = "inline SQL function body only valid for language SQL";
        work.refuse(Refusal::Plain { sqlstate: "42P13", message }, span);
    }
    check_statements(work, it);
    let routine = routine(work, it);
    let mut function = work.catalog.function(&name).cloned().unwrap_or_default();
    let types: Vec<DataType> = routine.arguments.iter().map(|it| it.data_type.clone()).collect();
    match function.routines.iter_mut().find(|it| it.takes(types.iter())) {
        Some(old) => {
            if let Some(refusal) = clash(old, &routine, it) {
                work.refuse(refusal, it.name.span());
            }
            *old = routine;
        }
        None => function.routines.push(routine),
    }
    work.change(Change::Function { name, to: Some(function) });
}

/// A body must be readable, unless `check_function_bodies` is off; `fmgr_sql_validator`, `plpgsql_validator`.
fn check_body(work: &mut Work<'_>, program: Option<&Program>, variables: Vec<SmolStr>) {
    if *work.session.check_function_bodies.get() != Some(false) {
        refuse_body(work, program, variables);
    }
}

fn refuse_body(work: &mut Work<'_>, program: Option<&Program>, mut variables: Vec<SmolStr>) {
    let Some(program) = program else { return };
    if let Some(problem) = &program.problem {
        work.refuse(Refusal::BodySyntax { message: problem.message.clone() }, problem.at);
    } else if let Code::Block(block) = &program.code
        && let Some(name) = super::variables::undeclared(block, &mut variables)
    {
        let message = format!("\"{}\" is not a known variable", name.text);
        work.refuse(Refusal::BodySyntax { message }, name.span);
    }
}

/// The statements of an SQL body are understood when it is made, though not run; `fmgr_sql_validator` in `pg_proc.c`.
/// The tables that they write are opened as for writing.
fn check_statements(work: &mut Work<'_>, it: &CreateFunction) {
    let Some(Program { code: Code::Sql(statements), problem: None, bound }) = it.program.as_deref() else { return };
    let own_path = it.settings.iter().any(|it| it == "search_path");
    if !bound && (own_path || *work.session.check_function_bodies.get() == Some(false)) {
        return;
    }
    let variables = variables(it);
    let outer = std::mem::replace(&mut work.alone, true);
    for statement in statements {
        match &statement.body {
            Body::Select(query) => read_with(work, query, &variables),
            Body::Write(write) => {
                read_with(work, &write.query, &variables);
                if is_system(&write.table.name) {
                    continue;
                }
                if let Some(table) = work.resolve_or_assume(&write.table.name, Expected::Relation, false) {
                    work.lock(table, LockMode::RowExclusive, statement.span);
                    for column in &write.columns {
                        work.column(table, column);
                    }
                }
            }
            // `interpret_AS_clause` in `functioncmds.c`.
            other if *bound => {
                let message =
                    format!("{} is not yet supported in unquoted SQL function body", other.tag().unwrap_or_default());
                work.refuse(Refusal::Unsupported { message }, statement.span);
            }
            _ => {}
        }
    }
    work.alone = outer;
}

/// What a name in the body of a function can mean beside columns.
pub(super) fn variables(it: &CreateFunction) -> Vec<&SmolStr> {
    it.parameters.iter().filter_map(|it| it.name.as_ref()).map(|it| &it.text).chain([&it.name.name.text]).collect()
}

/// `DO`: its code is read before it runs.
pub(super) fn run_block(work: &mut Work<'_>, it: &Do) {
    if it.language.text.eq_ignore_ascii_case("sql") {
        let message = "language \"sql\" does not support inline code execution";
        return work.refuse(Refusal::Plain { sqlstate: "0A000", message }, it.language.span);
    }
    match &it.program {
        Some(program) => refuse_body(work, Some(program), Vec::new()),
        None => work.reach_unknown(),
    }
}

/// `CALL` of a procedure; the timeline follows what it runs.
pub(super) fn call(work: &mut Work<'_>, it: &Call) {
    if work.is_nobodys(&it.name) {
        return refuse_missing(work, it.name.span(), &it.name);
    }
    let name = find(work, &it.name);
    let function = name.and_then(|it| work.catalog.function(&it));
    if !function.is_some_and(|it| it.routines.iter().all(|it| it.program.is_some())) {
        work.reach_unknown();
    }
}

/// Once a parameter has a default, all behind it need one (`interpret_function_parameter_list`).
fn check_defaults(work: &mut Work<'_>, it: &CreateFunction) {
    let mut defaulted = false;
    for parameter in it.parameters.iter().filter(|it| it.mode.is_input()) {
        if parameter.default.is_none() && defaulted {
            let message = "input parameters after one with a default value must also have defaults";
            work.refuse(Refusal::Plain { sqlstate: "42P13", message }, parameter.data_type.span);
        }
        defaulted |= parameter.default.is_some();
    }
}

/// Why a function cannot take the place of the one that has its name and argument types.
fn clash(old: &Routine, new: &Routine, it: &CreateFunction) -> Option<Refusal> {
    let plain = |sqlstate, message| Some(Refusal::Plain { sqlstate, message });
    if !it.replace {
        return plain("42723", "function already exists with same argument types");
    }
    if old.procedure != new.procedure {
        return plain("42809", "cannot change routine kind");
    }
    if old.result != new.result || old.set != new.set {
        return plain("42P13", "cannot change return type of existing function");
    }
    let renamed = old.arguments.iter().zip(&new.arguments).any(|(old, new)| old.name.is_some() && old.name != new.name);
    if renamed {
        return plain("42P13", "cannot change name of input parameter");
    }
    if new.defaults() < old.defaults() {
        return plain("42P13", "cannot remove parameter defaults from existing function");
    }
    None
}

fn routine(work: &Work<'_>, it: &CreateFunction) -> Routine {
    let inputs = it.parameters.iter().filter(|it| it.mode.is_input());
    let arguments = inputs.map(|it| Argument {
        name: it.name.as_ref().map(|it| it.text.clone()),
        data_type: work.data_type(&it.data_type),
        has_default: it.default.is_some(),
    });
    let table = it.parameters.iter().any(|it| it.mode == ParameterMode::Table);
    Routine {
        arguments: arguments.collect(),
        result: result(work, it),
        set: table || it.returns.as_ref().is_some_and(|it| it.set_of),
        variadic: it.parameters.iter().any(|it| it.mode == ParameterMode::Variadic),
        procedure: it.procedure,
        volatility: it.volatility,
        inlined: inlined(it).map(|it| work.least_volatility(it)),
        // Names in it are looked up by a search path of its own.
        program: it.program.clone().filter(|body| body.bound || !it.settings.iter().any(|it| it == "search_path")),
        needs: work.routine_needs(it),
        place: work.place(it.name.span()),
    }
}

/// The expression that the server can put in the place of a call; `inline_function` in `src/backend/optimizer/util/clauses.c`.
fn inlined(it: &CreateFunction) -> Option<&Expr> {
    if !it.settings.is_empty() || it.security_definer || it.returns.as_ref().is_some_and(|it| it.set_of) {
        return None;
    }
    let Code::Sql(statements) = &it.program.as_deref()?.code else { return None };
    let [Statement { body: Body::Select(query), .. }] = statements.as_slice() else { return None };
    let [output] = query.outputs.as_slice() else { return None };
    let alone = query.plain && query.relations.is_empty() && query.expressions.len() == 1;
    (alone && !output.expr.has_subquery()).then_some(&output.expr)
}

fn result(work: &Work<'_>, it: &CreateFunction) -> DataType {
    let outputs: Vec<&TypeName> = it
        .parameters
        .iter()
        .filter(|it| !matches!(it.mode, ParameterMode::In | ParameterMode::Variadic))
        .map(|it| &it.data_type)
        .collect();
    match (&outputs[..], &it.returns) {
        _ if it.procedure => builtin("void"),
        ([one], _) => work.data_type(one),
        ([], Some(written)) => work.data_type(written),
        ([], None) => builtin("void"),
        _ => builtin("record"),
    }
}

/// `ALTER FUNCTION`, as far as it says how volatile the function is; `AlterFunction`.
pub(super) fn alter(work: &mut Work<'_>, it: &AlteredFunction) {
    let followed = find(work, &it.name).and_then(|name| Some((work.catalog.function(&name).cloned()?, name)));
    let Some((mut function, name)) = followed else {
        // It may be one of an extension.
        return work.forget_extensions();
    };
    let types: Option<Vec<DataType>> =
        it.arguments.as_ref().map(|all| all.iter().map(|it| work.data_type(it)).collect());
    let meant = |it: &&mut Routine| types.as_ref().is_none_or(|types| it.takes(types.iter()));
    let Some(volatility) = it.volatility else { return };
    for routine in function.routines.iter_mut().filter(meant) {
        routine.volatility = volatility;
    }
    work.change(Change::Function { name, to: Some(function) });
}

/// Whether `DROP` with this word takes the routine; `LookupFuncWithArgs`.
fn is_of_kind(routine: &Routine, kind: ObjectKind) -> bool {
    match kind {
        ObjectKind::Procedure => routine.procedure,
        ObjectKind::Function => !routine.procedure,
        _ => true,
    }
}

/// `DROP FUNCTION`, `PROCEDURE`, `ROUTINE` of one object.
pub(super) fn drop(work: &mut Work<'_>, it: &Drop, object: &DropTarget) {
    let Some(name) = find(work, &object.name) else {
        let name = work.new_name(&object.name, Persistence::Permanent);
        if !it.if_exists {
            refuse_missing(work, object.span, &object.name);
        }
        super::drops::drop_other(work, it.kind, object, name.short());
        return;
    };
    super::drops::drop_other(work, it.kind, object, name.short());
    let Some(mut function) = work.catalog.function(&name).cloned() else { return };
    if !function.routines.is_empty() && function.routines.iter().all(|routine| !is_of_kind(routine, it.kind)) {
        let expected = if it.kind == ObjectKind::Procedure { "a procedure" } else { "a function" };
        work.refuse(Refusal::WrongKind { name: name.name.clone(), expected }, object.span);
    }
    let serves_triggers = |it: &Function| it.routines.iter().any(|it| it.arguments.is_empty());
    let before = serves_triggers(&function);
    match &object.arguments {
        Some(written) => {
            let types: Vec<DataType> = written.iter().map(|it| work.data_type(it)).collect();
            let before = function.routines.len();
            function.routines.retain(|it| !it.takes(types.iter()));
            if function.routines.len() == before && !it.if_exists {
                refuse_missing(work, object.span, &object.name);
            }
        }
        None => {
            if function.routines.len() > 1 {
                let message = "function name is not unique";
                work.refuse(Refusal::Plain { sqlstate: "42725", message }, object.span);
            }
            function.routines.clear();
        }
    }
    if before && !serves_triggers(&function) {
        drop_triggers_of(work, &name, it, object);
    }
    let to = (!function.routines.is_empty()).then_some(function);
    if to.is_none() {
        work.drop_callers(&name, it.cascade, object.span);
    }
    work.change(Change::Function { name, to });
}

/// Triggers need their function; `CASCADE` takes them along.
fn drop_triggers_of(work: &mut Work<'_>, function: &ObjectName, it: &Drop, object: &DropTarget) {
    let calls = |it: &Part| it.function.as_ref() == Some(function);
    let tables: Vec<RelationId> = work
        .catalog
        .calling(&function.name)
        .into_iter()
        .filter(|id| work.relation(*id).parts.iter().any(calls))
        .collect();
    let Some(first) = tables.first() else { return };
    let Some(cascade) = it.cascade else {
        let what = format!("function {}()", function.short());
        let dependents = vec![format!("a trigger on {} depends on {what}", work.described(*first))];
        work.refuse(Refusal::DependentObjects { what, dependents }, object.span);
        return;
    };
    for table in tables {
        work.lock(table, LockMode::AccessExclusive, cascade);
        let (gone, kept): (Vec<Part>, Vec<Part>) = work.relation(table).parts.iter().cloned().partition(calls);
        for part in gone {
            let object = DroppedObject::Part { kind: ObjectKind::Trigger, table, name: part.name };
            work.dropped(object, DropReason::Cascade, cascade);
        }
        work.change(Change::Parts { id: table, to: kept });
    }
}

/// Refuses to go on without a function that neither the history nor an extension may have made.
pub(super) fn refuse_missing(work: &mut Work<'_>, span: Span, written: &QualifiedName) {
    let of_others = |schema: &str| schema == "pg_catalog" || work.catalog.schema(schema) == Fact::Unknown;
    if work.catalog.extended() || written.schema.as_ref().is_some_and(|it| of_others(&it.text)) {
        return;
    }
    work.lacks();
    if !work.lenient() {
        let name = work.new_name(written, Persistence::Permanent);
        let refusal = Misfit::MissingFunction { call: name.to_string() }.into();
        work.refuse(refusal, span);
    }
}

impl Work<'_> {
    /// The function behind a name, if the history made one.
    pub(super) fn find_function(&self, name: &QualifiedName) -> Option<ObjectName> {
        find(self, name)
    }
}

/// The functions behind a name, by search path.
fn find(work: &Work<'_>, name: &QualifiedName) -> Option<ObjectName> {
    work.catalog.find_function(name, work.search_path()).map(|(name, _)| name)
}
