//! Kinds of object.

use crate::ast::ObjectKind as K;
use crate::tree::ObjectType as T;

/// The kind of object; none for the parts of objects that no statement names by themselves.
pub(super) fn object_kind(kind: T) -> Option<K> {
    Some(match kind {
        T::ObjectAccessMethod => K::AccessMethod,
        T::ObjectAggregate => K::Aggregate,
        T::ObjectAttribute => K::Attribute,
        T::ObjectCast => K::Cast,
        T::ObjectColumn => K::Column,
        T::ObjectCollation => K::Collation,
        T::ObjectConversion => K::Conversion,
        T::ObjectDatabase => K::Database,
        T::ObjectDomain => K::Domain,
        T::ObjectDomconstraint => K::DomainConstraint,
        T::ObjectEventTrigger => K::EventTrigger,
        T::ObjectExtension => K::Extension,
        T::ObjectFdw => K::ForeignDataWrapper,
        T::ObjectForeignServer => K::Server,
        T::ObjectForeignTable => K::ForeignTable,
        T::ObjectFunction => K::Function,
        T::ObjectIndex => K::Index,
        T::ObjectLanguage => K::Language,
        T::ObjectLargeobject => K::LargeObject,
        T::ObjectMatview => K::MaterializedView,
        T::ObjectOpclass => K::OperatorClass,
        T::ObjectOperator => K::Operator,
        T::ObjectOpfamily => K::OperatorFamily,
        T::ObjectPolicy => K::Policy,
        T::ObjectProcedure => K::Procedure,
        T::ObjectPublication => K::Publication,
        T::ObjectRole => K::Role,
        T::ObjectRoutine => K::Routine,
        T::ObjectRule => K::Rule,
        T::ObjectSchema => K::Schema,
        T::ObjectSequence => K::Sequence,
        T::ObjectSubscription => K::Subscription,
        T::ObjectStatisticExt => K::Statistics,
        T::ObjectTabconstraint => K::Constraint,
        T::ObjectTable => K::Table,
        T::ObjectTablespace => K::Tablespace,
        T::ObjectTransform => K::Transform,
        T::ObjectTrigger => K::Trigger,
        T::ObjectTsconfiguration => K::TextSearchConfiguration,
        T::ObjectTsdictionary => K::TextSearchDictionary,
        T::ObjectTsparser => K::TextSearchParser,
        T::ObjectTstemplate => K::TextSearchTemplate,
        T::ObjectType => K::Type,
        T::ObjectUserMapping => K::UserMapping,
        T::ObjectView => K::View,
        T::Undefined
        | T::ObjectAmop
        | T::ObjectAmproc
        | T::ObjectDefault
        | T::ObjectDefacl
        | T::ObjectParameterAcl
        | T::ObjectPublicationNamespace
        | T::ObjectPublicationRel => return None,
    })
}
