//! Views, sequences, schemas, types, domains, triggers, extensions.

use super::cx::Cx;
use super::name::{integer, strings};
use super::rename::is_string;
use super::table::{constraint, persistence};
use crate::Arrange;
use crate::ast::{
    AlterSequence, Constraint, CreateDomain, CreateExtension, CreateSchema, CreateSequence, CreateTrigger, CreateType,
    CreateView, DomainClause, EnumValue, SequenceOptions, SequenceOwner, StorageOption, TriggerEvents, TypeKind,
};
use crate::token::{Kind, mark};
use crate::tree as pb;
use crate::tree::AnyNode as N;
use crate::tree::ConstrType;

impl Cx<'_> {
    pub(super) fn create_view(&self, node: &pb::ViewStmt) -> CreateView {
        let end = self.relation_end(node.view.get());
        let mut options = self.options_after(&node.options, end..self.tokens.len(), Kind::With);
        if node.with_check_option != 0 {
            let value = if node.with_check_option == 1 { "local" } else { "cascaded" };
            let span = self.word_span("check");
            options.push(StorageOption { name: "check_option".to_owned(), value: Some(value.to_owned()), span });
        }
        CreateView {
            name: self.relation_or_empty(node.view.get()),
            replace: node.replace,
            persistence: persistence(node.view.get()),
            columns: self.columns_behind(&node.aliases, end),
            options,
            query: self.query(node.query.get()),
        }
    }

    pub(super) fn create_sequence(&self, node: &pb::CreateSeqStmt) -> CreateSequence {
        CreateSequence {
            name: self.relation_or_empty(node.sequence.get()),
            if_not_exists: node.if_not_exists,
            persistence: persistence(node.sequence.get()),
            options: self.sequence_options(&node.options),
        }
    }

    pub(super) fn alter_sequence(&self, node: &pb::AlterSeqStmt) -> AlterSequence {
        AlterSequence {
            name: self.relation_or_empty(node.sequence.get()),
            if_exists: node.missing_ok,
            options: self.sequence_options(&node.options),
        }
    }

    pub(super) fn sequence_options(&self, nodes: &[pb::Node]) -> SequenceOptions {
        let mut options = SequenceOptions::default();
        let mut met: Vec<&str> = Vec::new();
        for node in nodes {
            let Some(N::DefElem(option)) = node.node() else { continue };
            options.repeated |= met.contains(&&*option.defname);
            met.push(&option.defname);
            let number = option.arg.get().map(|_| whole_number(&option.arg));
            options.unreadable |= number == Some(None) && NUMBERS.contains(&&*option.defname);
            let value = number.flatten();
            match &*option.defname {
                "increment" => options.increment = value,
                "minvalue" => options.minimum = Some(value),
                "maxvalue" => options.maximum = Some(value),
                "start" => options.start = value,
                "restart" => options.restart = Some(value),
                "cache" => options.cache = value,
                _ => {}
            }
            match (&*option.defname, option.arg.get().and_then(|it| it.node())) {
                ("as", Some(N::TypeName(it))) => options.data_type = Some(self.type_name(it)),
                ("owned_by", Some(N::List(it))) => {
                    let names = strings(it);
                    let at = self.place_or_start(option.location) + 2;
                    options.owned_by = Some(match names.split_last() {
                        Some((column, table)) if !table.is_empty() => SequenceOwner::Column {
                            table: self.qualified(table, at),
                            column: self.name(column, at + 2 * table.len()),
                        },
                        _ => SequenceOwner::None,
                    });
                }
                _ => {}
            }
        }
        options
    }

    pub(super) fn create_schema(&self, node: &pb::CreateSchemaStmt) -> CreateSchema {
        let name = if node.schemaname.is_empty() {
            node.authrole.get().map(|it| self.role(it))
        } else {
            Some(self.name_in(&node.schemaname, if node.if_not_exists { self.from(5) } else { self.from(2) }))
        };
        let elements = node.schema_elts.iter().filter_map(|it| it.node()).map(|it| self.body(it));
        let owner = node.authrole.get().map(|it| self.role(it));
        CreateSchema { name, owner, if_not_exists: node.if_not_exists, elements: elements.collect() }
    }

    pub(super) fn create_enum(&self, node: &pb::CreateEnumStmt) -> CreateType {
        let name = self.any_name(&node.type_name, 2);
        let constants: Vec<usize> = self.from(self.dotted_end(2)).filter(|&it| is_string(self.kind(it))).collect();
        let value = |(label, at): (&str, usize)| EnumValue { label: label.to_owned(), span: self.token_span(at) };
        let values = strings(&node.vals).into_iter().zip(constants).map(value).collect();
        CreateType { name, kind: TypeKind::Enum(values) }
    }

    pub(super) fn create_composite(&self, node: &pb::CompositeTypeStmt) -> CreateType {
        let end = self.relation_end(node.typevar.get());
        let open = self.find(self.from(end), mark::OPEN).unwrap_or(end);
        let parts = self.split(self.inside(open));
        let attribute = |(index, node): (usize, &pb::Node)| match node.node() {
            Some(N::ColumnDef(it)) => {
                let name = self.name(&it.colname, parts.get(index).map_or(open, |it| it.start));
                Some((name, self.type_name_or_empty(it.type_name.get())))
            }
            _ => None,
        };
        CreateType {
            name: self.relation_or_empty(node.typevar.get()),
            kind: TypeKind::Composite(node.coldeflist.iter().enumerate().filter_map(attribute).collect()),
        }
    }

    /// `CREATE TYPE` of another kind, whose name stands right behind these words.
    pub(super) fn create_other_type(&self, name: &[pb::Node], kind: TypeKind) -> CreateType {
        CreateType { name: self.any_name(name, 2), kind }
    }

    pub(super) fn create_domain(&self, node: &pb::CreateDomainStmt) -> CreateDomain {
        let nodes: Vec<&pb::Constraint> = node.constraints.iter().filter_map(constraint).collect();
        let mut starts: Vec<usize> = nodes
            .iter()
            .filter_map(|it| self.place(it.location))
            .chain(node.coll_clause.get().and_then(|it| self.place(it.location)))
            .collect();
        starts.arrange_by(Ord::cmp);
        let stretch = |node: &pb::Constraint| {
            let start = self.place_or_start(node.location);
            let next = starts.partition_point(|&it| it <= start);
            start..starts.get(next).copied().unwrap_or(self.tokens.len())
        };
        let wanted =
            |it: &&&pb::Constraint| matches!(it.contype.get(), ConstrType::ConstrCheck | ConstrType::ConstrNotnull);
        let name = self.any_name(&node.domainname, 2);
        let default = nodes.iter().find(|it| it.contype.get() == ConstrType::ConstrDefault);
        let constraints: Vec<Constraint> =
            nodes.iter().filter(wanted).map(|it| self.constraint(it, &[], Some(&name.name), stretch(it))).collect();
        let clause =
            |it: &&pb::Constraint| Some((domain_clause(it)?, self.token_span(self.place_or_start(it.location))));
        CreateDomain {
            clauses: nodes.iter().filter_map(clause).collect(),
            base: self.type_name_or_empty(node.type_name.get()),
            default: default.map(|it| self.expr_or_empty(it.raw_expr.get())),
            constraints,
            name,
        }
    }

    pub(super) fn create_trigger(&self, node: &pb::CreateTrigStmt) -> CreateTrigger {
        let word = self.find(self.all(), Kind::Trigger).unwrap_or(1);
        let table_at = node.relation.get().map_or(word, |it| self.place_or_start(it.location));
        let execute = self.find(self.from(table_at), Kind::Execute).unwrap_or(table_at);
        let of = self.find(word + 2..table_at, Kind::Of);
        let columns = strings(&node.columns);
        let parts = of.map_or_else(Vec::new, |it| self.split(it + 1..table_at));
        CreateTrigger {
            name: self.name(&node.trigname, word + 1),
            table: self.relation_or_empty(node.relation.get()),
            replace: node.replace,
            row: node.row,
            constraint: node.isconstraint,
            transitions: !node.transition_rels.is_empty(),
            // `TRIGGER_TYPE_INSTEAD` in `src/include/catalog/pg_trigger.h`.
            instead: node.timing & (1 << 6) != 0,
            before: node.timing & (1 << 1) != 0,
            events: TriggerEvents {
                insert: node.events & (1 << 2) != 0,
                delete: node.events & (1 << 3) != 0,
                update: node.events & (1 << 4) != 0,
                truncate: node.events & (1 << 5) != 0,
            },
            columns: columns.iter().zip(parts).map(|(name, part)| self.name(name, part.start)).collect(),
            when: node.when_clause.get().map(|it| self.expr(it)),
            from: node.constrrel.get().map(|it| self.relation(it)),
            function: self.any_name(&node.funcname, execute + 2),
        }
    }

    pub(super) fn create_extension(&self, node: &pb::CreateExtensionStmt) -> CreateExtension {
        // `CREATE LANGUAGE name` comes here too; its name ends the statement.
        let start = match node.if_not_exists {
            _ if !self.is(1, Kind::Extension) => self.tokens.len() - 1,
            true => 5,
            false => 2,
        };
        let schema = node.options.iter().find_map(|it| match it.node() {
            Some(N::DefElem(it)) if it.defname == "schema" => {
                let at = self.place_or_start(it.location) + 1;
                it.arg.get().and_then(super::name::string).map(|name| self.name(name, at))
            }
            _ => None,
        });
        CreateExtension { name: self.name(&node.extname, start), if_not_exists: node.if_not_exists, schema }
    }
}

/// The options of a sequence that are numbers.
const NUMBERS: &[&str] = &["increment", "minvalue", "maxvalue", "start", "restart", "cache"];

/// A whole number, of which the grammar reads the large ones as text.
fn whole_number(node: &pb::Node) -> Option<i64> {
    match node.node() {
        Some(N::Float(it)) => it.fval.parse().ok(),
        _ => integer(node).map(i64::from),
    }
}

/// What a clause of `CREATE DOMAIN` is.
fn domain_clause(node: &pb::Constraint) -> Option<DomainClause> {
    let no_inherit = node.is_no_inherit;
    Some(match node.contype.get() {
        ConstrType::ConstrDefault => DomainClause::Default,
        ConstrType::ConstrNull => DomainClause::Null,
        ConstrType::ConstrNotnull => DomainClause::NotNull { no_inherit },
        ConstrType::ConstrCheck => DomainClause::Check { no_inherit },
        ConstrType::ConstrUnique => DomainClause::Unique,
        ConstrType::ConstrPrimary => DomainClause::PrimaryKey,
        ConstrType::ConstrExclusion => DomainClause::Exclude,
        ConstrType::ConstrForeign => DomainClause::ForeignKey,
        ConstrType::ConstrIdentity => DomainClause::Identity,
        ConstrType::ConstrGenerated => DomainClause::Generated,
        ConstrType::ConstrAttrDeferrable
        | ConstrType::ConstrAttrNotDeferrable
        | ConstrType::ConstrAttrDeferred
        | ConstrType::ConstrAttrImmediate => DomainClause::Deferrability,
        ConstrType::ConstrAttrEnforced | ConstrType::ConstrAttrNotEnforced => DomainClause::Enforcement,
        _ => return None,
    })
}
