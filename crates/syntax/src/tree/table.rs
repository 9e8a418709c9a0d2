//! Tables, columns, constraints, partitions (`nodes/parsenodes.h`).

use super::{
    Absent, AlterTableType, CmdType, Code, CollateClause, ConstrType, DropBehavior, IntoClause, Letter, LetterCode,
    Link, List, Node, ObjectType, OnCommitAction, RangeVar, RoleSpec, SortByDir, SortByNulls, Tag, Text, TypeName,
};

#[repr(C)]
pub(crate) struct ColumnDef {
    _tag: Tag,
    pub(crate) colname: Text,
    pub(crate) type_name: Link<TypeName>,
    _compression: Text,
    _inhcount: i16,
    pub(crate) is_local: bool,
    _is_not_null: bool,
    _is_from_type: bool,
    _storage: Letter,
    _storage_name: Text,
    pub(crate) raw_default: Node,
    _cooked_default: Node,
    _identity: Letter,
    _identity_sequence: Absent,
    _generated: Letter,
    pub(crate) coll_clause: Link<CollateClause>,
    _coll_oid: u32,
    pub(crate) constraints: List,
    _fdwoptions: List,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct TableLikeClause {
    _tag: Tag,
    pub(crate) relation: Link<RangeVar>,
    pub(crate) options: u32,
}

#[repr(C)]
pub(crate) struct IndexElem {
    _tag: Tag,
    pub(crate) name: Text,
    pub(crate) expr: Node,
    _indexcolname: Text,
    pub(crate) collation: List,
    pub(crate) opclass: List,
    _opclassopts: List,
    pub(crate) ordering: Code<SortByDir>,
    pub(crate) nulls_ordering: Code<SortByNulls>,
}

#[repr(C)]
pub(crate) struct PartitionElem {
    _tag: Tag,
    pub(crate) name: Text,
    pub(crate) expr: Node,
    pub(crate) collation: List,
    pub(crate) opclass: List,
}

#[repr(C)]
pub(crate) struct PartitionSpec {
    _tag: Tag,
    pub(crate) strategy: LetterCode,
    pub(crate) part_params: List,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct PartitionCmd {
    _tag: Tag,
    pub(crate) name: Link<RangeVar>,
    pub(crate) bound: Link<PartitionBoundSpec>,
    pub(crate) concurrent: bool,
}

#[repr(C)]
pub(crate) struct AlterTableStmt {
    _tag: Tag,
    pub(crate) relation: Link<RangeVar>,
    pub(crate) cmds: List,
    pub(crate) objtype: Code<ObjectType>,
    pub(crate) missing_ok: bool,
}

#[repr(C)]
pub(crate) struct AlterTableCmd {
    _tag: Tag,
    pub(crate) subtype: Code<AlterTableType>,
    pub(crate) name: Text,
    _num: i16,
    pub(crate) newowner: Link<RoleSpec>,
    pub(crate) def: Node,
    pub(crate) behavior: Code<DropBehavior>,
    pub(crate) missing_ok: bool,
}

#[repr(C)]
pub(crate) struct AtAlterConstraint {
    _tag: Tag,
    pub(crate) conname: Text,
    pub(crate) alter_enforceability: bool,
    pub(crate) is_enforced: bool,
    pub(crate) alter_deferrability: bool,
    pub(crate) deferrable: bool,
    pub(crate) initdeferred: bool,
    pub(crate) alter_inheritability: bool,
    pub(crate) noinherit: bool,
}

#[repr(C)]
pub(crate) struct ReplicaIdentityStmt {
    _tag: Tag,
    pub(crate) identity_type: Letter,
    pub(crate) name: Text,
}

#[repr(C)]
pub(crate) struct CreateStmt {
    _tag: Tag,
    pub(crate) relation: Link<RangeVar>,
    pub(crate) table_elts: List,
    pub(crate) inh_relations: List,
    pub(crate) partbound: Link<PartitionBoundSpec>,
    pub(crate) partspec: Link<PartitionSpec>,
    pub(crate) of_typename: Link<TypeName>,
    _constraints: List,
    _nnconstraints: List,
    pub(crate) options: List,
    pub(crate) oncommit: Code<OnCommitAction>,
    pub(crate) tablespacename: Text,
    pub(crate) access_method: Text,
    pub(crate) if_not_exists: bool,
}

#[repr(C)]
pub(crate) struct Constraint {
    _tag: Tag,
    pub(crate) contype: Code<ConstrType>,
    pub(crate) conname: Text,
    pub(crate) deferrable: bool,
    pub(crate) initdeferred: bool,
    pub(crate) is_enforced: bool,
    pub(crate) skip_validation: bool,
    _initially_valid: bool,
    pub(crate) is_no_inherit: bool,
    pub(crate) raw_expr: Node,
    _cooked_expr: Text,
    pub(crate) generated_when: Letter,
    _generated_kind: Letter,
    pub(crate) nulls_not_distinct: bool,
    pub(crate) keys: List,
    pub(crate) without_overlaps: bool,
    pub(crate) including: List,
    pub(crate) exclusions: List,
    pub(crate) options: List,
    pub(crate) indexname: Text,
    _indexspace: Text,
    _reset_default_tblspc: bool,
    pub(crate) access_method: Text,
    pub(crate) where_clause: Node,
    pub(crate) pktable: Link<RangeVar>,
    pub(crate) fk_attrs: List,
    pub(crate) pk_attrs: List,
    pub(crate) fk_with_period: bool,
    pub(crate) pk_with_period: bool,
    pub(crate) fk_matchtype: Letter,
    pub(crate) fk_upd_action: Letter,
    pub(crate) fk_del_action: Letter,
    pub(crate) fk_del_set_cols: List,
    _old_conpfeqop: List,
    _old_pktable_oid: u32,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct CreateForeignTableStmt {
    pub(crate) base_stmt: CreateStmt,
}

#[repr(C)]
pub(crate) struct CreatePolicyStmt {
    _tag: Tag,
    pub(crate) policy_name: Text,
    pub(crate) table: Link<RangeVar>,
    _cmd_name: Text,
    _permissive: bool,
    _roles: List,
    pub(crate) qual: Node,
    pub(crate) with_check: Node,
}

#[repr(C)]
pub(crate) struct AlterPolicyStmt {
    _tag: Tag,
    pub(crate) policy_name: Text,
    pub(crate) table: Link<RangeVar>,
    _roles: List,
    pub(crate) qual: Node,
    pub(crate) with_check: Node,
}

#[repr(C)]
pub(crate) struct CreateTrigStmt {
    _tag: Tag,
    pub(crate) replace: bool,
    pub(crate) isconstraint: bool,
    pub(crate) trigname: Text,
    pub(crate) relation: Link<RangeVar>,
    pub(crate) funcname: List,
    _args: List,
    pub(crate) row: bool,
    pub(crate) timing: i16,
    pub(crate) events: i16,
    pub(crate) columns: List,
    pub(crate) when_clause: Node,
    pub(crate) transition_rels: List,
    _deferrable: bool,
    _initdeferred: bool,
    pub(crate) constrrel: Link<RangeVar>,
}

#[repr(C)]
pub(crate) struct IndexStmt {
    _tag: Tag,
    pub(crate) idxname: Text,
    pub(crate) relation: Link<RangeVar>,
    pub(crate) access_method: Text,
    pub(crate) table_space: Text,
    pub(crate) index_params: List,
    pub(crate) index_including_params: List,
    pub(crate) options: List,
    pub(crate) where_clause: Node,
    _exclude_op_names: List,
    _idxcomment: Text,
    _index_oid: u32,
    _old_number: u32,
    _old_create_subid: u32,
    _old_first_relfilelocator_subid: u32,
    pub(crate) unique: bool,
    pub(crate) nulls_not_distinct: bool,
    _primary: bool,
    _isconstraint: bool,
    _iswithoutoverlaps: bool,
    _deferrable: bool,
    _initdeferred: bool,
    _transformed: bool,
    pub(crate) concurrent: bool,
    pub(crate) if_not_exists: bool,
}

#[repr(C)]
pub(crate) struct CreateStatsStmt {
    _tag: Tag,
    pub(crate) defnames: List,
    _stat_types: List,
    pub(crate) exprs: List,
    pub(crate) relations: List,
    _stxcomment: Text,
    _transformed: bool,
    pub(crate) if_not_exists: bool,
}

#[repr(C)]
pub(crate) struct StatsElem {
    _tag: Tag,
    pub(crate) name: Text,
    pub(crate) expr: Node,
}

#[repr(C)]
pub(crate) struct RuleStmt {
    _tag: Tag,
    pub(crate) relation: Link<RangeVar>,
    pub(crate) rulename: Text,
    pub(crate) where_clause: Node,
    pub(crate) event: Code<CmdType>,
    pub(crate) instead: bool,
    pub(crate) actions: List,
    pub(crate) replace: bool,
}

#[repr(C)]
pub(crate) struct ViewStmt {
    _tag: Tag,
    pub(crate) view: Link<RangeVar>,
    pub(crate) aliases: List,
    pub(crate) query: Node,
    pub(crate) replace: bool,
    pub(crate) options: List,
    pub(crate) with_check_option: i32,
}

#[repr(C)]
pub(crate) struct CreateTableAsStmt {
    _tag: Tag,
    pub(crate) query: Node,
    pub(crate) into: Link<IntoClause>,
    pub(crate) objtype: Code<ObjectType>,
    _is_select_into: bool,
    pub(crate) if_not_exists: bool,
}

#[repr(C)]
pub(crate) struct RefreshMatViewStmt {
    _tag: Tag,
    pub(crate) concurrent: bool,
    pub(crate) skip_data: bool,
    pub(crate) relation: Link<RangeVar>,
}

#[repr(C)]
pub(crate) struct PartitionBoundSpec {
    _tag: Tag,
    pub(crate) strategy: Letter,
    pub(crate) is_default: bool,
    pub(crate) modulus: i32,
    pub(crate) remainder: i32,
    pub(crate) listdatums: List,
    pub(crate) lowerdatums: List,
    pub(crate) upperdatums: List,
}
