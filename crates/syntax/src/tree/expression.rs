//! Constants, names, expressions (`nodes/value.h`, `nodes/primnodes.h`, `nodes/parsenodes.h`).

use super::{
    AExprKind, BoolExprType, BoolTestType, Code, CoercionForm, Letter, Link, List, MinMaxOp, Node, NullTestType,
    SqlValueFunctionOp, SubLinkType, Tag, Text, WindowDef,
};

#[repr(C)]
pub(crate) struct Integer {
    _tag: Tag,
    pub(crate) ival: i32,
}

#[repr(C)]
pub(crate) struct Float {
    _tag: Tag,
    pub(crate) fval: Text,
}

#[repr(C)]
pub(crate) struct Boolean {
    _tag: Tag,
    pub(crate) boolval: bool,
}

#[repr(C)]
pub(crate) struct String {
    _tag: Tag,
    pub(crate) sval: Text,
}

#[repr(C)]
pub(crate) struct BitString {
    _tag: Tag,
    pub(crate) bsval: Text,
}

#[repr(C)]
pub(crate) struct Alias {
    _tag: Tag,
    pub(crate) aliasname: Text,
    pub(crate) colnames: List,
}

#[repr(C)]
pub(crate) struct RangeVar {
    _tag: Tag,
    pub(crate) catalogname: Text,
    pub(crate) schemaname: Text,
    pub(crate) relname: Text,
    pub(crate) inh: bool,
    pub(crate) relpersistence: Letter,
    pub(crate) alias: Link<Alias>,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct GroupingFunc {
    _tag: Tag,
    pub(crate) args: List,
    _refs: List,
    _cols: List,
    _agglevelsup: u32,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct MergeSupportFunc {
    _tag: Tag,
    _msftype: u32,
    _msfcollid: u32,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct NamedArgExpr {
    _tag: Tag,
    pub(crate) arg: Node,
}

#[repr(C)]
pub(crate) struct BoolExpr {
    _tag: Tag,
    pub(crate) boolop: Code<BoolExprType>,
    pub(crate) args: List,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct SubLink {
    _tag: Tag,
    pub(crate) sub_link_type: Code<SubLinkType>,
    _sub_link_id: i32,
    pub(crate) testexpr: Node,
    _oper_name: List,
    pub(crate) subselect: Node,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct CaseExpr {
    _tag: Tag,
    _casetype: u32,
    _casecollid: u32,
    pub(crate) arg: Node,
    pub(crate) args: List,
    pub(crate) defresult: Node,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct CaseWhen {
    _tag: Tag,
    pub(crate) expr: Node,
    pub(crate) result: Node,
}

#[repr(C)]
pub(crate) struct RowExpr {
    _tag: Tag,
    pub(crate) args: List,
    _row_typeid: u32,
    _row_format: i32,
    _colnames: List,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct CoalesceExpr {
    _tag: Tag,
    _coalescetype: u32,
    _coalescecollid: u32,
    pub(crate) args: List,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct MinMaxExpr {
    _tag: Tag,
    _minmaxtype: u32,
    _minmaxcollid: u32,
    _inputcollid: u32,
    pub(crate) op: Code<MinMaxOp>,
    pub(crate) args: List,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct SqlValueFunction {
    _tag: Tag,
    pub(crate) op: Code<SqlValueFunctionOp>,
    _type: u32,
    _typmod: i32,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct NullTest {
    _tag: Tag,
    pub(crate) arg: Node,
    pub(crate) nulltesttype: Code<NullTestType>,
    _argisrow: bool,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct BooleanTest {
    _tag: Tag,
    pub(crate) arg: Node,
    pub(crate) booltesttype: Code<BoolTestType>,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct SetToDefault {
    _tag: Tag,
    _type_id: u32,
    _type_mod: i32,
    _collation: u32,
    pub(crate) location: i32,
}

#[derive(Default)]
#[repr(C)]
pub(crate) struct TypeName {
    _tag: Tag,
    pub(crate) names: List,
    _type_oid: u32,
    pub(crate) setof: bool,
    pub(crate) pct_type: bool,
    pub(crate) typmods: List,
    _typemod: i32,
    pub(crate) array_bounds: List,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct ColumnRef {
    _tag: Tag,
    pub(crate) fields: List,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct ParamRef {
    _tag: Tag,
    _number: i32,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct AExpr {
    _tag: Tag,
    pub(crate) kind: Code<AExprKind>,
    pub(crate) name: List,
    pub(crate) lexpr: Node,
    pub(crate) rexpr: Node,
    _rexpr_list_start: i32,
    _rexpr_list_end: i32,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct AConst {
    _tag: Tag,
    val: Value,
    pub(crate) isnull: bool,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct TypeCast {
    _tag: Tag,
    pub(crate) arg: Node,
    pub(crate) type_name: Link<TypeName>,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct CollateClause {
    _tag: Tag,
    pub(crate) arg: Node,
    pub(crate) collname: List,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct FuncCall {
    _tag: Tag,
    pub(crate) funcname: List,
    pub(crate) args: List,
    pub(crate) agg_order: List,
    pub(crate) agg_filter: Node,
    pub(crate) over: Link<WindowDef>,
    pub(crate) agg_within_group: bool,
    _agg_star: bool,
    pub(crate) agg_distinct: bool,
    pub(crate) func_variadic: bool,
    pub(crate) funcformat: Code<CoercionForm>,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct AIndices {
    _tag: Tag,
    _is_slice: bool,
    pub(crate) lidx: Node,
    pub(crate) uidx: Node,
}

#[repr(C)]
pub(crate) struct AIndirection {
    _tag: Tag,
    pub(crate) arg: Node,
    pub(crate) indirection: List,
}

#[repr(C)]
pub(crate) struct AArrayExpr {
    _tag: Tag,
    pub(crate) elements: List,
    _list_start: i32,
    _list_end: i32,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct ResTarget {
    _tag: Tag,
    pub(crate) name: Text,
    _indirection: List,
    pub(crate) val: Node,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct MultiAssignRef {
    _tag: Tag,
    pub(crate) source: Node,
    pub(crate) colno: i32,
}

const INTEGER: u32 = 465;
const FLOAT: u32 = 466;
const BOOLEAN: u32 = 467;
const STRING: u32 = 468;
const BIT_STRING: u32 = 469;

/// The constant inside an [`AConst`], a node in its place: its tag, and room for the longest.
#[repr(C)]
struct Value {
    tag: Tag,
    _content: Text,
}

/// A constant.
pub(crate) enum Val<'a> {
    Ival(&'a Integer),
    Fval(&'a Float),
    Boolval(&'a Boolean),
    Sval(&'a String),
    Bsval(&'a BitString),
}

impl AConst {
    /// The constant; none is `NULL`.
    pub(crate) fn val(&self) -> Option<Val<'_>> {
        if self.isnull {
            return None;
        }
        let value = &raw const self.val;
        // SAFETY: the value is the struct that its tag names, and no longer than `Value`.
        unsafe {
            Some(match self.val.tag.0 {
                INTEGER => Val::Ival(&*value.cast()),
                FLOAT => Val::Fval(&*value.cast()),
                BOOLEAN => Val::Boolval(&*value.cast()),
                STRING => Val::Sval(&*value.cast()),
                BIT_STRING => Val::Bsval(&*value.cast()),
                _ => return None,
            })
        }
    }
}
