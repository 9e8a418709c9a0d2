//! Which words the server quotes when it prints an identifier.

/// Whether `identifier` is a key word that `quote_identifier` in `src/backend/utils/adt/ruleutils.c` quotes: any but the
/// unreserved ones.
pub(crate) fn needs_quotes(identifier: &str) -> bool {
    QUOTED.binary_search(&identifier).is_ok()
}

/// The key words of `src/include/parser/kwlist.h` that are not unreserved, in order.
#[rustfmt::skip]
static QUOTED: &[&str] = &[
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization", "between",
    "bigint", "binary", "bit", "boolean", "both", "case", "cast", "char", "character", "check", "coalesce", "collate",
    "collation", "column", "concurrently", "constraint", "create", "cross", "current_catalog", "current_date",
    "current_role", "current_schema", "current_time", "current_timestamp", "current_user", "dec", "decimal",
    "default", "deferrable", "desc", "distinct", "do", "else", "end", "except", "exists", "extract", "false", "fetch",
    "float", "for", "foreign", "freeze", "from", "full", "grant", "greatest", "group", "grouping", "having", "ilike",
    "in", "initially", "inner", "inout", "int", "integer", "intersect", "interval", "into", "is", "isnull", "join",
    "json", "json_array", "json_arrayagg", "json_exists", "json_object", "json_objectagg", "json_query",
    "json_scalar", "json_serialize", "json_table", "json_value", "lateral", "leading", "least", "left", "like",
    "limit", "localtime", "localtimestamp", "merge_action", "national", "natural", "nchar", "none", "normalize",
    "not", "notnull", "null", "nullif", "numeric", "offset", "on", "only", "or", "order", "out", "outer", "overlaps",
    "overlay", "placing", "position", "precision", "primary", "real", "references", "returning", "right", "row",
    "select", "session_user", "setof", "similar", "smallint", "some", "substring", "symmetric", "system_user",
    "table", "tablesample", "then", "time", "timestamp", "to", "trailing", "treat", "trim", "true", "union", "unique",
    "user", "using", "values", "varchar", "variadic", "verbose", "when", "where", "window", "with", "xmlattributes",
    "xmlconcat", "xmlelement", "xmlexists", "xmlforest", "xmlnamespaces", "xmlparse", "xmlpi", "xmlroot",
    "xmlserialize", "xmltable",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ffi;
    use pg_query::protobuf::{KeywordKind, Token};

    /// Every key word's own token is named after it, so the scanner can be asked about all of them.
    #[test]
    fn the_list_is_the_scanners() {
        let tokens = (0..2_000).filter_map(|it| Token::try_from(it).ok());
        let words = tokens.map(|it| it.as_str_name().trim_end_matches("_P").to_ascii_lowercase());
        let mut seen = 0;
        for word in words {
            let Ok(text) = std::ffi::CString::new(word.as_str()) else { continue };
            let Ok(tokens) = ffi::scan(&text) else { continue };
            let [token] = &*tokens else { continue };
            let kind = KeywordKind::try_from(token.keyword).unwrap_or(KeywordKind::NoKeyword);
            let quoted = !matches!(kind, KeywordKind::NoKeyword | KeywordKind::UnreservedKeyword);
            assert_eq!(needs_quotes(&word), quoted, "{word}");
            seen += usize::from(quoted);
        }
        assert_eq!(seen, QUOTED.len());
        assert!(QUOTED.is_sorted());
    }
}
