//! PostgreSQL's tree to our own, statement by statement.
//!
//! PostgreSQL's tree has the start of many nodes, the end of none, and neither for the subcommands of `ALTER TABLE`.
//! So each lowering reads the statement's tokens beside the tree ([`cx::Cx`]): what the tree lists in order, the text
//! holds between top-level commas in the same order.

mod alter;
mod constraint;
mod create;
mod cx;
mod drop;
mod expr;
mod function;
mod index;
mod kind;
mod name;
mod operator;
mod other;
mod partition;
mod query;
mod rename;
mod session;
mod table;
mod utility;
mod write;

use crate::Span;
use crate::ast::{Body, CtasTarget, ObjectKind, Other, Reach, Refresh, TypeKind, Unreadable};
use crate::ffi::TOO_DEEP;
use crate::token::Token;
use crate::tree as pb;
use crate::tree::AnyNode as N;
use cx::Cx;

/// The statement that `tree` says and `tokens` spell; `text` is the whole script's. With `pin`, everything has that
/// place: the text stands in no script.
pub(crate) fn statement(text: &str, tokens: &[Token], tree: Option<&pb::Node>, pin: Option<Span>) -> Body {
    let cx = Cx::new(text, tokens, pin);
    let body = tree.and_then(pb::Node::node).map_or(
        Body::Other(Other {
            tag: "",
            reach: Reach::None,
            relations: Vec::new(),
            function: None,
            reassigned: None,
            roles: Vec::new(),
        }),
        |it| cx.body(it),
    );
    if cx.too_deep() {
        let at = pin.unwrap_or(tokens[0].span());
        return Body::Unreadable(Unreadable::new(TOO_DEEP.to_owned(), at));
    }
    body
}

impl Cx<'_> {
    /// The statement.
    fn body(&self, node: N<'_>) -> Body {
        match node {
            N::CreateStmt(it) => Body::CreateTable(Box::new(self.create_table(it, false))),
            N::CreateForeignTableStmt(it) => Body::CreateTable(Box::new(self.create_table(&it.base_stmt, true))),
            N::CreateTableAsStmt(it) => Body::CreateTableAs(Box::new(self.create_table_as(it))),
            N::AlterTableStmt(it) => Body::AlterTable(Box::new(self.alter_table(it))),
            N::RenameStmt(it) => Body::Rename(Box::new(self.rename(it))),
            N::AlterObjectSchemaStmt(it) => Body::SetSchema(Box::new(self.set_schema(it))),
            N::IndexStmt(it) => Body::CreateIndex(Box::new(self.create_index(it))),
            N::ReindexStmt(it) => Body::Reindex(self.reindex(it)),
            N::DropStmt(it) => Body::Drop(Box::new(self.drop_objects(it))),
            N::DropOwnedStmt(it) => Body::DropOwned(self.drop_owned(it)),
            N::DropdbStmt(it) => Body::DropShared(self.drop_shared(ObjectKind::Database, &[&it.dbname], it.missing_ok)),
            N::DropTableSpaceStmt(it) => {
                Body::DropShared(self.drop_shared(ObjectKind::Tablespace, &[&it.tablespacename], it.missing_ok))
            }
            N::DropSubscriptionStmt(it) => {
                Body::DropShared(self.drop_shared(ObjectKind::Subscription, &[&it.subname], it.missing_ok))
            }
            N::DropUserMappingStmt(it) => {
                Body::DropShared(self.drop_shared(ObjectKind::UserMapping, &[], it.missing_ok))
            }
            N::DropRoleStmt(it) => {
                let mut dropped = self.drop_shared(ObjectKind::Role, &[], it.missing_ok);
                dropped.names = self.roles(&it.roles);
                Body::DropShared(dropped)
            }
            N::TruncateStmt(it) => Body::Truncate(self.truncate(it)),
            N::ViewStmt(it) => Body::CreateView(Box::new(self.create_view(it))),
            N::RefreshMatViewStmt(it) => Body::Refresh(Box::new(Refresh {
                view: self.relation_or_empty(it.relation.get()),
                concurrently: it.concurrent,
                no_data: it.skip_data,
            })),
            N::CreateSeqStmt(it) => Body::CreateSequence(Box::new(self.create_sequence(it))),
            N::AlterSeqStmt(it) => Body::AlterSequence(Box::new(self.alter_sequence(it))),
            N::CreateSchemaStmt(it) => Body::CreateSchema(Box::new(self.create_schema(it))),
            N::CreateEnumStmt(it) => Body::CreateType(Box::new(self.create_enum(it))),
            N::CompositeTypeStmt(it) => Body::CreateType(Box::new(self.create_composite(it))),
            N::CreateRangeStmt(it) => {
                Body::CreateType(Box::new(self.create_other_type(&it.type_name, TypeKind::Range)))
            }
            N::DefineStmt(it) if it.kind.get() == pb::ObjectType::ObjectType => {
                let kind = if it.definition.is_empty() { TypeKind::Shell } else { TypeKind::Base };
                Body::CreateType(Box::new(self.create_other_type(&it.defnames, kind)))
            }
            N::CreateDomainStmt(it) => Body::CreateDomain(Box::new(self.create_domain(it))),
            N::AlterEnumStmt(it) => Body::AlterEnum(Box::new(self.alter_enum(it))),
            N::CreateFunctionStmt(it) => Body::CreateFunction(Box::new(self.create_function(it))),
            N::CreateTrigStmt(it) => Body::CreateTrigger(Box::new(self.create_trigger(it))),
            N::CreateExtensionStmt(it) => Body::CreateExtension(self.create_extension(it)),
            N::TransactionStmt(it) => Body::Transaction(self.transaction(it)),
            N::VariableSetStmt(it) => Body::Set(self.set(it)),
            N::SelectStmt(it) => self.select_statement(it),
            N::CopyStmt(it) => Body::Copy(Box::new(self.copy(it))),
            N::LockStmt(it) => Body::Lock(self.lock(it)),
            N::DoStmt(it) => Body::Do(Box::new(self.do_block(it))),
            N::CallStmt(it) => match it.funccall.get().and_then(|it| self.called(it)) {
                Some(call) => Body::Call(Box::new(call)),
                None => Body::Other(other::other(node)),
            },
            N::AlterDomainStmt(it) => Body::AlterDomain(Box::new(self.alter_domain(it))),
            N::RuleStmt(it) => Body::CreateRule(Box::new(self.create_rule(it))),
            N::CreatePolicyStmt(it) => Body::Policy(Box::new(self.create_policy(it))),
            N::AlterPolicyStmt(it) => Body::Policy(Box::new(self.alter_policy(it))),
            N::CreateStatsStmt(it) => Body::CreateStatistics(Box::new(self.create_statistics(it))),
            N::CreatePublicationStmt(it) => Body::Publication(Box::new(self.create_publication(it))),
            N::AlterPublicationStmt(it) => Body::Publication(Box::new(self.alter_publication(it))),
            N::CommentStmt(it) => Body::Comment(Box::new(self.comment(it))),
            N::ClusterStmt(it) => Body::Cluster(self.cluster(it)),
            N::VacuumStmt(it) => Body::Vacuum(self.vacuum(it)),
            N::ExplainStmt(it) => match self.explain(it) {
                Some(explain) => Body::Explain(Box::new(explain)),
                None => Body::Other(other::other(node)),
            },
            N::DeclareCursorStmt(it) => Body::Declare(Box::new(self.query(it.query.get()))),
            N::InsertStmt(_) | N::UpdateStmt(_) | N::DeleteStmt(_) | N::MergeStmt(_) => match self.write(node) {
                Some(write) => Body::Write(Box::new(write)),
                None => Body::Other(other::other(node)),
            },
            N::GrantStmt(it) => {
                let roles = if it.is_grant && other::gives_all(it) { self.grown(&it.grantees) } else { Vec::new() };
                Body::Other(Other { relations: self.granted(it), roles, ..other::other(node) })
            }
            N::GrantRoleStmt(it) if it.is_grant => {
                Body::Other(Other { roles: self.grown(&it.grantee_roles), ..other::other(node) })
            }
            N::CreateRoleStmt(it) => Body::Other(Other { roles: self.new_roles(it), ..other::other(node) }),
            N::AlterRoleStmt(it) => Body::Other(Other { roles: self.changed_roles(it), ..other::other(node) }),
            N::ReassignOwnedStmt(it) => {
                let to = it.newrole.get().map(|to| Box::new((self.roles(&it.roles), self.role(to))));
                Body::Other(Other { reassigned: to, ..other::other(node) })
            }
            N::AlterFunctionStmt(it) => {
                Body::Other(Other { function: self.altered_function(it).map(Box::new), ..other::other(node) })
            }
            _ => Body::Other(other::other(node)),
        }
    }

    /// `SELECT`, or `SELECT … INTO`, whose clause stands in the leftmost `SELECT` of a set operation.
    fn select_statement(&self, node: &pb::SelectStmt) -> Body {
        let mut leftmost = node;
        while let Some(left) = leftmost.larg.get() {
            leftmost = left;
        }
        let query = self.select(node);
        match leftmost.into_clause.get() {
            Some(into) => {
                let mut made = self.select_into_table(Some(into), CtasTarget::SelectInto);
                made.query = query;
                Body::CreateTableAs(Box::new(made))
            }
            None => Body::Select(Box::new(query)),
        }
    }
}
