//! Statements that drop, rename, lock, or belong to the session (`nodes/parsenodes.h`).

use super::{
    Absent, Code, DiscardMode, DropBehavior, FuncCall, GrantTargetType, Link, List, Node, ObjectType, RangeVar,
    ReindexObjectType, RoleSpec, Tag, Text, TransactionStmtKind, VariableSetKind, c_long,
};

#[repr(C)]
pub(crate) struct GrantStmt {
    _tag: Tag,
    pub(crate) is_grant: bool,
    pub(crate) targtype: Code<GrantTargetType>,
    pub(crate) objtype: Code<ObjectType>,
    pub(crate) objects: List,
    pub(crate) privileges: List,
    pub(crate) grantees: List,
    _grant_option: bool,
    _grantor: Absent,
    pub(crate) behavior: Code<DropBehavior>,
}

#[repr(C)]
pub(crate) struct AccessPriv {
    _tag: Tag,
    pub(crate) priv_name: Text,
}

#[repr(C)]
pub(crate) struct GrantRoleStmt {
    _tag: Tag,
    _granted_roles: List,
    pub(crate) grantee_roles: List,
    pub(crate) is_grant: bool,
}

#[repr(C)]
pub(crate) struct CreateRoleStmt {
    _tag: Tag,
    _stmt_type: u32,
    pub(crate) role: Text,
    pub(crate) options: List,
}

#[repr(C)]
pub(crate) struct AlterRoleStmt {
    _tag: Tag,
    pub(crate) role: Link<RoleSpec>,
    pub(crate) options: List,
    pub(crate) action: i32,
}

#[repr(C)]
pub(crate) struct CopyStmt {
    _tag: Tag,
    pub(crate) relation: Link<RangeVar>,
    pub(crate) query: Node,
    _attlist: List,
    pub(crate) is_from: bool,
    _is_program: bool,
    pub(crate) filename: Text,
}

#[repr(C)]
pub(crate) struct VariableSetStmt {
    _tag: Tag,
    pub(crate) kind: Code<VariableSetKind>,
    pub(crate) name: Text,
    pub(crate) args: List,
    _jumble_args: bool,
    pub(crate) is_local: bool,
}

#[repr(C)]
pub(crate) struct DropTableSpaceStmt {
    _tag: Tag,
    pub(crate) tablespacename: Text,
    pub(crate) missing_ok: bool,
}

#[repr(C)]
pub(crate) struct AlterTableMoveAllStmt {
    _tag: Tag,
    _orig_tablespacename: Text,
    pub(crate) objtype: Code<ObjectType>,
}

#[repr(C)]
pub(crate) struct DropUserMappingStmt {
    _tag: Tag,
    _user: Absent,
    _servername: Text,
    pub(crate) missing_ok: bool,
}

#[repr(C)]
pub(crate) struct DropRoleStmt {
    _tag: Tag,
    pub(crate) roles: List,
    pub(crate) missing_ok: bool,
}

#[repr(C)]
pub(crate) struct DropStmt {
    _tag: Tag,
    pub(crate) objects: List,
    pub(crate) remove_type: Code<ObjectType>,
    pub(crate) behavior: Code<DropBehavior>,
    pub(crate) missing_ok: bool,
    pub(crate) concurrent: bool,
}

#[repr(C)]
pub(crate) struct TruncateStmt {
    _tag: Tag,
    pub(crate) relations: List,
    pub(crate) restart_seqs: bool,
    pub(crate) behavior: Code<DropBehavior>,
}

#[repr(C)]
pub(crate) struct CommentStmt {
    _tag: Tag,
    pub(crate) objtype: Code<ObjectType>,
    pub(crate) object: Node,
    pub(crate) comment: Text,
}

#[repr(C)]
pub(crate) struct DeclareCursorStmt {
    _tag: Tag,
    _portalname: Text,
    _options: i32,
    pub(crate) query: Node,
}

#[repr(C)]
pub(crate) struct ClosePortalStmt {
    _tag: Tag,
    pub(crate) portalname: Text,
}

#[repr(C)]
pub(crate) struct FetchStmt {
    _tag: Tag,
    _direction: i32,
    _how_many: c_long,
    _portalname: Text,
    pub(crate) ismove: bool,
}

#[repr(C)]
pub(crate) struct DoStmt {
    _tag: Tag,
    pub(crate) args: List,
}

#[repr(C)]
pub(crate) struct CallStmt {
    _tag: Tag,
    pub(crate) funccall: Link<FuncCall>,
}

#[repr(C)]
pub(crate) struct RenameStmt {
    _tag: Tag,
    pub(crate) rename_type: Code<ObjectType>,
    pub(crate) relation_type: Code<ObjectType>,
    pub(crate) relation: Link<RangeVar>,
    pub(crate) object: Node,
    pub(crate) subname: Text,
    pub(crate) newname: Text,
    _behavior: i32,
    pub(crate) missing_ok: bool,
}

#[repr(C)]
pub(crate) struct AlterObjectDependsStmt {
    _tag: Tag,
    pub(crate) object_type: Code<ObjectType>,
}

#[repr(C)]
pub(crate) struct AlterObjectSchemaStmt {
    _tag: Tag,
    pub(crate) object_type: Code<ObjectType>,
    pub(crate) relation: Link<RangeVar>,
    pub(crate) object: Node,
    pub(crate) newschema: Text,
    pub(crate) missing_ok: bool,
}

#[repr(C)]
pub(crate) struct AlterOwnerStmt {
    _tag: Tag,
    pub(crate) object_type: Code<ObjectType>,
}

#[repr(C)]
pub(crate) struct TransactionStmt {
    _tag: Tag,
    pub(crate) kind: Code<TransactionStmtKind>,
    _options: List,
    pub(crate) savepoint_name: Text,
    _gid: Text,
    pub(crate) chain: bool,
}

#[repr(C)]
pub(crate) struct DropdbStmt {
    _tag: Tag,
    pub(crate) dbname: Text,
    pub(crate) missing_ok: bool,
}

#[repr(C)]
pub(crate) struct ClusterStmt {
    _tag: Tag,
    pub(crate) relation: Link<RangeVar>,
    pub(crate) indexname: Text,
}

#[repr(C)]
pub(crate) struct VacuumStmt {
    _tag: Tag,
    pub(crate) options: List,
    pub(crate) rels: List,
    pub(crate) is_vacuumcmd: bool,
}

#[repr(C)]
pub(crate) struct VacuumRelation {
    _tag: Tag,
    pub(crate) relation: Link<RangeVar>,
    _oid: u32,
    pub(crate) va_cols: List,
}

#[repr(C)]
pub(crate) struct ExplainStmt {
    _tag: Tag,
    pub(crate) query: Node,
    pub(crate) options: List,
}

#[repr(C)]
pub(crate) struct DiscardStmt {
    _tag: Tag,
    pub(crate) target: Code<DiscardMode>,
}

#[repr(C)]
pub(crate) struct LockStmt {
    _tag: Tag,
    pub(crate) relations: List,
    pub(crate) mode: i32,
    pub(crate) nowait: bool,
}

#[repr(C)]
pub(crate) struct ReindexStmt {
    _tag: Tag,
    pub(crate) kind: Code<ReindexObjectType>,
    pub(crate) relation: Link<RangeVar>,
    pub(crate) name: Text,
    pub(crate) params: List,
}

#[repr(C)]
pub(crate) struct DeallocateStmt {
    _tag: Tag,
    pub(crate) name: Text,
}

#[repr(C)]
pub(crate) struct DropOwnedStmt {
    _tag: Tag,
    pub(crate) roles: List,
    pub(crate) behavior: Code<DropBehavior>,
}

#[repr(C)]
pub(crate) struct ReassignOwnedStmt {
    _tag: Tag,
    pub(crate) roles: List,
    pub(crate) newrole: Link<RoleSpec>,
}

#[repr(C)]
pub(crate) struct DropSubscriptionStmt {
    _tag: Tag,
    pub(crate) subname: Text,
    pub(crate) missing_ok: bool,
}
