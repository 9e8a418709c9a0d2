//! Definitions of everything but tables (`nodes/parsenodes.h`).

use super::{
    AlterPublicationAction, Code, CollateClause, Letter, LetterCode, Link, List, Node, ObjectType, RangeVar, Tag, Text,
    TypeName,
};

#[repr(C)]
pub(crate) struct RoleSpec {
    _tag: Tag,
    _roletype: i32,
    pub(crate) rolename: Text,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct DefElem {
    _tag: Tag,
    pub(crate) defnamespace: Text,
    pub(crate) defname: Text,
    pub(crate) arg: Node,
    _defaction: i32,
    pub(crate) location: i32,
}

#[repr(C)]
pub(crate) struct CreateSchemaStmt {
    _tag: Tag,
    pub(crate) schemaname: Text,
    pub(crate) authrole: Link<RoleSpec>,
    pub(crate) schema_elts: List,
    pub(crate) if_not_exists: bool,
}

#[repr(C)]
pub(crate) struct AlterDomainStmt {
    _tag: Tag,
    pub(crate) subtype: Letter,
    pub(crate) type_name: List,
    pub(crate) name: Text,
    pub(crate) def: Node,
    _behavior: i32,
    pub(crate) missing_ok: bool,
}

#[repr(C)]
pub(crate) struct ObjectWithArgs {
    _tag: Tag,
    pub(crate) objname: List,
    pub(crate) objargs: List,
    _objfuncargs: List,
    pub(crate) args_unspecified: bool,
}

#[repr(C)]
pub(crate) struct CreateExtensionStmt {
    _tag: Tag,
    pub(crate) extname: Text,
    pub(crate) if_not_exists: bool,
    pub(crate) options: List,
}

#[repr(C)]
pub(crate) struct CreateSeqStmt {
    _tag: Tag,
    pub(crate) sequence: Link<RangeVar>,
    pub(crate) options: List,
    _owner_id: u32,
    _for_identity: bool,
    pub(crate) if_not_exists: bool,
}

#[repr(C)]
pub(crate) struct AlterSeqStmt {
    _tag: Tag,
    pub(crate) sequence: Link<RangeVar>,
    pub(crate) options: List,
    _for_identity: bool,
    pub(crate) missing_ok: bool,
}

#[repr(C)]
pub(crate) struct DefineStmt {
    _tag: Tag,
    pub(crate) kind: Code<ObjectType>,
    _oldstyle: bool,
    pub(crate) defnames: List,
    _args: List,
    pub(crate) definition: List,
}

#[repr(C)]
pub(crate) struct CreateDomainStmt {
    _tag: Tag,
    pub(crate) domainname: List,
    pub(crate) type_name: Link<TypeName>,
    pub(crate) coll_clause: Link<CollateClause>,
    pub(crate) constraints: List,
}

#[repr(C)]
pub(crate) struct CreateFunctionStmt {
    _tag: Tag,
    pub(crate) is_procedure: bool,
    pub(crate) replace: bool,
    pub(crate) funcname: List,
    pub(crate) parameters: List,
    pub(crate) return_type: Link<TypeName>,
    pub(crate) options: List,
    pub(crate) sql_body: Node,
}

#[repr(C)]
pub(crate) struct FunctionParameter {
    _tag: Tag,
    pub(crate) name: Text,
    pub(crate) arg_type: Link<TypeName>,
    pub(crate) mode: LetterCode,
    pub(crate) defexpr: Node,
}

#[repr(C)]
pub(crate) struct AlterFunctionStmt {
    _tag: Tag,
    pub(crate) objtype: Code<ObjectType>,
    pub(crate) func: Link<ObjectWithArgs>,
    pub(crate) actions: List,
}

#[repr(C)]
pub(crate) struct CompositeTypeStmt {
    _tag: Tag,
    pub(crate) typevar: Link<RangeVar>,
    pub(crate) coldeflist: List,
}

#[repr(C)]
pub(crate) struct CreateEnumStmt {
    _tag: Tag,
    pub(crate) type_name: List,
    pub(crate) vals: List,
}

#[repr(C)]
pub(crate) struct CreateRangeStmt {
    _tag: Tag,
    pub(crate) type_name: List,
}

#[repr(C)]
pub(crate) struct AlterEnumStmt {
    _tag: Tag,
    pub(crate) type_name: List,
    pub(crate) old_val: Text,
    pub(crate) new_val: Text,
    pub(crate) new_val_neighbor: Text,
    pub(crate) new_val_is_after: bool,
    pub(crate) skip_if_new_val_exists: bool,
}

#[repr(C)]
pub(crate) struct PublicationTable {
    _tag: Tag,
    pub(crate) relation: Link<RangeVar>,
    pub(crate) where_clause: Node,
    pub(crate) columns: List,
}

#[repr(C)]
pub(crate) struct PublicationObjSpec {
    _tag: Tag,
    _pubobjtype: i32,
    pub(crate) name: Text,
    pub(crate) pubtable: Link<PublicationTable>,
}

#[repr(C)]
pub(crate) struct CreatePublicationStmt {
    _tag: Tag,
    pub(crate) pubname: Text,
    pub(crate) options: List,
    pub(crate) pubobjects: List,
    pub(crate) for_all_tables: bool,
}

#[repr(C)]
pub(crate) struct AlterPublicationStmt {
    _tag: Tag,
    pub(crate) pubname: Text,
    pub(crate) options: List,
    pub(crate) pubobjects: List,
    pub(crate) for_all_tables: bool,
    pub(crate) action: Code<AlterPublicationAction>,
}
