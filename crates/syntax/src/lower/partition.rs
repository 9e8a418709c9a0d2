//! Partitioning: keys and bounds.

use super::cx::Cx;
use super::name::strings;
use crate::ast::{
    BoundKind, BoundValue, PartitionBound, PartitionBy, PartitionKeyElement, PartitionOf, PartitionStrategy,
};
use crate::token::{Kind, mark};
use crate::tree as pb;
use crate::tree::AnyNode as N;

impl Cx<'_> {
    /// `PARTITION BY strategy (…)`.
    pub(super) fn partition_by(&self, node: &pb::PartitionSpec) -> PartitionBy {
        let start = self.place_or_start(node.location);
        let open = self.find(self.from(start), mark::OPEN).unwrap_or(start);
        let parts = self.split(self.inside(open));
        let mut key = Vec::with_capacity(node.part_params.len());
        for (index, param) in node.part_params.iter().enumerate() {
            let Some(N::PartitionElem(element)) = param.node() else { continue };
            let part = parts.get(index).cloned().unwrap_or(open..open);
            let (expr, after) = self.key(&element.name, element.expr.get(), &part);
            let collation = self.collation_at(&element.collation, after);
            let after = if collation.is_some() { self.dotted_end(after + 1) } else { after };
            let opclass = strings(&element.opclass);
            key.push(PartitionKeyElement {
                expr,
                collation,
                opclass: (!opclass.is_empty()).then(|| self.qualified(&opclass, after)),
                span: self.span(&part),
            });
        }
        PartitionBy {
            // `PartitionStrategy` in `nodes/parsenodes.h`.
            strategy: match node.strategy.get() {
                'l' => PartitionStrategy::List,
                'h' => PartitionStrategy::Hash,
                _ => PartitionStrategy::Range,
            },
            key,
            span: self.span(&(start..self.partner(open) + 1)),
        }
    }

    /// `PARTITION OF parent bound`; the bound stands from `bound_at` on.
    pub(super) fn partition_of(
        &self,
        parent: &pb::RangeVar,
        bound: &pb::PartitionBoundSpec,
        bound_at: usize,
    ) -> Option<PartitionOf> {
        let parent_at = self.place(parent.location)?;
        let bound = self.partition_bound(bound, bound_at);
        let start = self.token_span(parent_at.saturating_sub(2));
        Some(PartitionOf { parent: self.relation(parent), span: start.to(bound.span), bound })
    }

    /// The bound that stands at `start`: `DEFAULT` or `FOR VALUES …`.
    pub(super) fn partition_bound(&self, node: &pb::PartitionBoundSpec, start: usize) -> PartitionBound {
        if node.is_default {
            return PartitionBound { kind: BoundKind::Default, span: self.token_span(start) };
        }
        let last_group = |from: usize| self.find(self.from(from), mark::OPEN).map_or(from, |it| self.partner(it));
        let (kind, end) = match &*node.strategy {
            "h" => (BoundKind::Hash { modulus: node.modulus, remainder: node.remainder }, last_group(start)),
            "l" => (BoundKind::List(self.exprs(&node.listdatums)), last_group(start)),
            _ => {
                let from = self.bound_values(&node.lowerdatums);
                let to = self.bound_values(&node.upperdatums);
                let to_word = self.find(self.from(start), Kind::To).unwrap_or(start);
                (BoundKind::Range { from, to }, last_group(to_word))
            }
        };
        PartitionBound { kind, span: self.span(&(start..end + 1)) }
    }

    fn bound_values(&self, nodes: &[pb::Node]) -> Vec<BoundValue> {
        // MINVALUE and MAXVALUE are column references until the server looks closer (`transformPartitionRangeBounds`).
        let value = |it: &pb::Node| {
            let word = match it.node() {
                Some(N::ColumnRef(column)) if column.fields.len() == 1 => strings(&column.fields).pop(),
                _ => None,
            };
            match word {
                Some("minvalue") => BoundValue::Min,
                Some("maxvalue") => BoundValue::Max,
                _ => BoundValue::Value(self.expr(it)),
            }
        };
        nodes.iter().map(value).collect()
    }
}
