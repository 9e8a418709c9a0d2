//! Transactions and settings.

use super::cx::Cx;
use crate::ast::{Name, Set, SetValue, Transaction};
use crate::token::Kind;
use crate::tree as pb;
use crate::tree::AnyNode as N;
use crate::tree::{TransactionStmtKind as T, VariableSetKind as V};

impl Cx<'_> {
    pub(super) fn transaction(&self, node: &pb::TransactionStmt) -> Transaction {
        let savepoint = || -> Name { self.name(&node.savepoint_name, self.tokens.len() - 1) };
        match node.kind.get() {
            T::Undefined | T::TransStmtBegin => Transaction::Begin,
            T::TransStmtStart => Transaction::Start,
            T::TransStmtCommit => Transaction::Commit { chain: node.chain },
            T::TransStmtRollback => Transaction::Rollback { chain: node.chain },
            T::TransStmtSavepoint => Transaction::Savepoint(savepoint()),
            T::TransStmtRelease => Transaction::Release(savepoint()),
            T::TransStmtRollbackTo => Transaction::RollbackTo(savepoint()),
            T::TransStmtPrepare => Transaction::Prepare,
            T::TransStmtCommitPrepared => Transaction::CommitPrepared,
            T::TransStmtRollbackPrepared => Transaction::RollbackPrepared,
        }
    }

    pub(super) fn set(&self, node: &pb::VariableSetStmt) -> Set {
        let value = match node.kind.get() {
            V::Undefined | V::VarSetValue => SetValue::To(node.args.iter().map(|it| self.setting(it)).collect()),
            V::VarSetDefault | V::VarReset => SetValue::Default,
            V::VarSetCurrent => SetValue::Current,
            V::VarSetMulti => SetValue::Transaction,
            V::VarResetAll => SetValue::ResetAll,
        };
        let equals = self.top(self.all()).find(|&it| matches!(self.kind(it), Kind::To | crate::token::mark::EQUALS));
        let start = match (&value, equals) {
            (SetValue::To(_) | SetValue::Default, Some(equals)) => equals + 1,
            (SetValue::To(_), None) => node.args.first().map_or(1, |it| self.setting_place(it)),
            _ => 0,
        };
        Set {
            name: node.name.to_ascii_lowercase(),
            value,
            local: node.is_local,
            value_span: self.span(&self.from(start)),
        }
    }

    fn setting_place(&self, node: &pb::Node) -> usize {
        match node.node() {
            Some(N::AConst(it)) => self.place(it.location).unwrap_or(1),
            Some(N::TypeCast(it)) => it.type_name.get().and_then(|it| self.place(it.location)).unwrap_or(1),
            _ => 1,
        }
    }

    /// One value as the setting gets it.
    fn setting(&self, node: &pb::Node) -> String {
        use pb::Val;
        match node.node() {
            Some(N::AConst(it)) => match it.val() {
                Some(Val::Ival(it)) => it.ival.to_string(),
                Some(Val::Fval(it)) => it.fval.to_string(),
                Some(Val::Boolval(it)) => it.boolval.to_string(),
                Some(Val::Sval(it)) => it.sval.to_string(),
                Some(Val::Bsval(it)) => it.bsval.to_string(),
                None => String::new(),
            },
            // `SET TIME ZONE INTERVAL '1' HOUR`.
            Some(N::TypeCast(it)) => it.arg.get().map(|it| self.setting(it)).unwrap_or_default(),
            _ => String::new(),
        }
    }
}
