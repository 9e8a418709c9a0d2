//! Queries and what writes rows (`nodes/primnodes.h`, `nodes/parsenodes.h`).

use super::{
    Absent, Alias, Code, JsonExprOp, Link, List, Node, OnCommitAction, OnConflictAction, OverridingKind, RangeVar, Tag,
    Text, XmlExprOp,
};

#[repr(C)]
pub(crate) struct IntoClause {
    _tag: Tag,
    pub(crate) rel: Link<RangeVar>,
    pub(crate) col_names: List,
    pub(crate) access_method: Text,
    pub(crate) options: List,
    pub(crate) on_commit: Code<OnCommitAction>,
    _table_space_name: Text,
    _view_query: Absent,
    pub(crate) skip_data: bool,
}

#[repr(C)]
pub(crate) struct XmlExpr {
    _tag: Tag,
    pub(crate) op: Code<XmlExprOp>,
    _name: Text,
    pub(crate) named_args: List,
    _arg_names: List,
    pub(crate) args: List,
    _xmloption: i32,
    _indent: bool,
    _type: u32,
    _typmod: i32,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct JsonValueExpr {
    _tag: Tag,
    pub(crate) raw_expr: Node,
}

#[repr(C)]
pub(crate) struct JsonIsPredicate {
    _tag: Tag,
    pub(crate) expr: Node,
}

#[repr(C)]
pub(crate) struct JsonBehavior {
    _tag: Tag,
    _btype: i32,
    pub(crate) expr: Node,
}

#[repr(C)]
pub(crate) struct JoinExpr {
    _tag: Tag,
    _jointype: i32,
    pub(crate) is_natural: bool,
    pub(crate) larg: Node,
    pub(crate) rarg: Node,
    pub(crate) using_clause: List,
    pub(crate) join_using_alias: Link<Alias>,
    pub(crate) quals: Node,
    pub(crate) alias: Link<Alias>,
}

#[repr(C)]
pub(crate) struct SortBy {
    _tag: Tag,
    pub(crate) node: Node,
}

#[repr(C)]
pub(crate) struct WindowDef {
    _tag: Tag,
    _name: Text,
    _refname: Text,
    pub(crate) partition_clause: List,
    pub(crate) order_clause: List,
    _frame_options: i32,
    pub(crate) start_offset: Node,
    pub(crate) end_offset: Node,
}

#[repr(C)]
pub(crate) struct RangeSubselect {
    _tag: Tag,
    pub(crate) lateral: bool,
    pub(crate) subquery: Node,
    pub(crate) alias: Link<Alias>,
}

#[repr(C)]
pub(crate) struct RangeFunction {
    _tag: Tag,
    _lateral: bool,
    _ordinality: bool,
    _is_rowsfrom: bool,
    pub(crate) functions: List,
    pub(crate) alias: Link<Alias>,
    pub(crate) coldeflist: List,
}

#[repr(C)]
pub(crate) struct RangeTableFunc {
    _tag: Tag,
    _lateral: bool,
    pub(crate) docexpr: Node,
    pub(crate) rowexpr: Node,
}

#[repr(C)]
pub(crate) struct RangeTableSample {
    _tag: Tag,
    pub(crate) relation: Node,
    _method: List,
    pub(crate) args: List,
}

#[repr(C)]
pub(crate) struct XmlSerialize {
    _tag: Tag,
    _xmloption: i32,
    pub(crate) expr: Node,
    _type_name: Absent,
    _indent: bool,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct LockingClause {
    _tag: Tag,
    pub(crate) locked_rels: List,
    pub(crate) strength: i32,
}

#[repr(C)]
pub(crate) struct GroupingSet {
    _tag: Tag,
    _kind: i32,
    pub(crate) content: List,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct WithClause {
    _tag: Tag,
    pub(crate) ctes: List,
    pub(crate) recursive: bool,
}

#[repr(C)]
pub(crate) struct InferClause {
    _tag: Tag,
    pub(crate) index_elems: List,
    pub(crate) where_clause: Node,
    pub(crate) conname: Text,
}

#[repr(C)]
pub(crate) struct OnConflictClause {
    _tag: Tag,
    pub(crate) action: Code<OnConflictAction>,
    pub(crate) infer: Link<InferClause>,
    pub(crate) target_list: List,
    pub(crate) where_clause: Node,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct CommonTableExpr {
    _tag: Tag,
    pub(crate) ctename: Text,
    pub(crate) aliascolnames: List,
    _ctematerialized: i32,
    pub(crate) ctequery: Node,
    pub(crate) search_clause: Node,
    pub(crate) cycle_clause: Node,
}

#[repr(C)]
pub(crate) struct MergeWhenClause {
    _tag: Tag,
    /// 1 of `WHEN NOT MATCHED BY SOURCE` (`MergeMatchKind`).
    pub(crate) match_kind: i32,
    _command_type: i32,
    _override: i32,
    pub(crate) condition: Node,
    pub(crate) target_list: List,
    pub(crate) values: List,
}

#[repr(C)]
pub(crate) struct ReturningClause {
    _tag: Tag,
    _options: List,
    pub(crate) exprs: List,
}

#[repr(C)]
pub(crate) struct JsonArgument {
    _tag: Tag,
    pub(crate) val: Link<JsonValueExpr>,
}

#[repr(C)]
pub(crate) struct JsonFuncExpr {
    _tag: Tag,
    pub(crate) op: Code<JsonExprOp>,
    _column_name: Text,
    pub(crate) context_item: Link<JsonValueExpr>,
    pub(crate) pathspec: Node,
    pub(crate) passing: List,
    _output: Absent,
    pub(crate) on_empty: Link<JsonBehavior>,
    pub(crate) on_error: Link<JsonBehavior>,
    _wrapper: i32,
    _quotes: i32,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct JsonTable {
    _tag: Tag,
    pub(crate) context_item: Link<JsonValueExpr>,
    _pathspec: Absent,
    pub(crate) passing: List,
}

#[repr(C)]
pub(crate) struct JsonKeyValue {
    _tag: Tag,
    pub(crate) key: Node,
    pub(crate) value: Link<JsonValueExpr>,
}

#[repr(C)]
pub(crate) struct JsonParseExpr {
    _tag: Tag,
    pub(crate) expr: Link<JsonValueExpr>,
    _output: Absent,
    _unique_keys: bool,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct JsonScalarExpr {
    _tag: Tag,
    pub(crate) expr: Node,
    _output: Absent,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct JsonSerializeExpr {
    _tag: Tag,
    pub(crate) expr: Link<JsonValueExpr>,
    _output: Absent,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct JsonObjectConstructor {
    _tag: Tag,
    pub(crate) exprs: List,
    _output: Absent,
    _absent_on_null: bool,
    _unique: bool,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct JsonArrayConstructor {
    _tag: Tag,
    pub(crate) exprs: List,
    _output: Absent,
    _absent_on_null: bool,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct JsonArrayQueryConstructor {
    _tag: Tag,
    pub(crate) query: Node,
    _output: Absent,
    _format: Absent,
    _absent_on_null: bool,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct JsonAggConstructor {
    _tag: Tag,
    _output: Absent,
    _agg_filter: Node,
    _agg_order: List,
    _over: Absent,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct JsonObjectAgg {
    _tag: Tag,
    pub(crate) constructor: Link<JsonAggConstructor>,
    pub(crate) arg: Link<JsonKeyValue>,
}

#[repr(C)]
pub(crate) struct JsonArrayAgg {
    _tag: Tag,
    pub(crate) constructor: Link<JsonAggConstructor>,
    pub(crate) arg: Link<JsonValueExpr>,
}

#[repr(C)]
pub(crate) struct InsertStmt {
    _tag: Tag,
    pub(crate) relation: Link<RangeVar>,
    pub(crate) cols: List,
    pub(crate) select_stmt: Node,
    pub(crate) on_conflict_clause: Link<OnConflictClause>,
    pub(crate) returning_clause: Link<ReturningClause>,
    pub(crate) with_clause: Link<WithClause>,
    pub(crate) r#override: Code<OverridingKind>,
}

#[repr(C)]
pub(crate) struct DeleteStmt {
    _tag: Tag,
    pub(crate) relation: Link<RangeVar>,
    pub(crate) using_clause: List,
    pub(crate) where_clause: Node,
    pub(crate) returning_clause: Link<ReturningClause>,
    pub(crate) with_clause: Link<WithClause>,
}

#[repr(C)]
pub(crate) struct UpdateStmt {
    _tag: Tag,
    pub(crate) relation: Link<RangeVar>,
    pub(crate) target_list: List,
    pub(crate) where_clause: Node,
    pub(crate) from_clause: List,
    pub(crate) returning_clause: Link<ReturningClause>,
    pub(crate) with_clause: Link<WithClause>,
}

#[repr(C)]
pub(crate) struct MergeStmt {
    _tag: Tag,
    pub(crate) relation: Link<RangeVar>,
    pub(crate) source_relation: Node,
    pub(crate) join_condition: Node,
    pub(crate) merge_when_clauses: List,
    pub(crate) returning_clause: Link<ReturningClause>,
    pub(crate) with_clause: Link<WithClause>,
}

#[repr(C)]
pub(crate) struct SelectStmt {
    _tag: Tag,
    pub(crate) distinct_clause: List,
    pub(crate) into_clause: Link<IntoClause>,
    pub(crate) target_list: List,
    pub(crate) from_clause: List,
    pub(crate) where_clause: Node,
    pub(crate) group_clause: List,
    _group_distinct: bool,
    pub(crate) having_clause: Node,
    pub(crate) window_clause: List,
    pub(crate) values_lists: List,
    pub(crate) sort_clause: List,
    pub(crate) limit_offset: Node,
    pub(crate) limit_count: Node,
    _limit_option: i32,
    pub(crate) locking_clause: List,
    pub(crate) with_clause: Link<WithClause>,
    _op: i32,
    _all: bool,
    pub(crate) larg: Link<SelectStmt>,
    pub(crate) rarg: Link<SelectStmt>,
}
