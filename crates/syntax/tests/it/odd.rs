//! Odd input: what files hold besides statements.

use lockkeeper_syntax::{Body, CommentKind, Parsed, decode, parse};

/// Each statement's tag (or refusal with the text it names) and text.
fn outline(sql: &str) -> Vec<String> {
    parse(sql).statements.iter().map(|it| format!("{}: {}", says(sql, &it.body), it.span.of(sql))).collect()
}

fn says(sql: &str, body: &Body) -> String {
    match body {
        Body::Unreadable(it) => format!("{} [{}]", it.message, it.at.of(sql)),
        body => body.tag().unwrap_or_default().to_owned(),
    }
}

/// What is left of each statement: its tag, or `-`.
fn tags(sql: &str) -> Vec<&'static str> {
    parse(sql).statements.iter().map(|it| it.body.tag().unwrap_or("-")).collect()
}

#[test]
fn nothing_says_nothing() {
    for sql in ["", " ", "\n", ";", ";;\n;", "-- only a comment", "/* and */ /* another */", "\u{feff}"] {
        assert_eq!(parse(sql).statements, [], "{sql:?}");
        assert_eq!(parse(sql).problems, [], "{sql:?}");
    }
}

#[test]
fn an_error_hides_nothing_but_its_statement() {
    let good = ["CREATE TABLE a (id int)", "DROP TABLE b", "SELECT ';' /* ; */ || $x$;$x$"];
    let bad = [
        ("CREATE tabel x", r#"syntax error at or near "tabel" [tabel]"#),
        ("CREATE TABLE x (id int", r#"syntax error at or near ";" [;]"#),
        ("SELECT 1 +", r#"syntax error at or near ";" [;]"#),
        ("SELECT a))", r#"syntax error at or near ")" [)]"#),
        ("FROB", r#"syntax error at or near "FROB" [FROB]"#),
        ("SELECT E'\\xff'", r#"invalid byte sequence for encoding "UTF8": 0xff"#),
        ("SELECT 'é', ü frm b c", r#"syntax error at or near "b" [b]"#),
        ("SELECT 12abc", r#"trailing junk after numeric literal at or near "12abc"#),
        ("SELECT U&'\\00g0'", "invalid Unicode escape"),
        ("SELECT \"\"", r#"zero-length delimited identifier at or near """#),
    ];
    for (text, refusal) in bad {
        for place in 0..=good.len() {
            let mut all: Vec<&str> = good.to_vec();
            all.insert(place, text);
            let sql = all.iter().map(|it| format!("{it};\n")).collect::<String>();
            let outline = outline(&sql);
            assert_eq!(outline.len(), all.len(), "{outline:#?}");
            for (index, (seen, written)) in outline.iter().zip(&all).enumerate() {
                assert!(seen.ends_with(written), "{seen} / {written}");
                assert_eq!(seen.starts_with(refusal), index == place, "{seen}");
            }
        }
    }
}

#[test]
fn a_quote_without_end_costs_the_statements_it_pairs_with() {
    let sql = "DROP TABLE a;\nSELECT 'x;\nDROP TABLE b;\n";
    assert_eq!(tags(sql), ["DROP TABLE", "-", "DROP TABLE"]);
    for open in ["'x", "\"x", "$a$ x", "/* x", "E'x"] {
        let sql = format!("DROP TABLE a;\nSELECT {open};\nDROP TABLE b;\nDROP TABLE c;");
        assert_eq!(tags(&sql), ["DROP TABLE", "-", "DROP TABLE", "DROP TABLE"], "{open}");
    }
}

#[test]
fn an_error_at_the_end_of_input_points_behind_the_last_token() {
    let sql = "CREATE TABLE a (\n  id int  \n";
    let Body::Unreadable(refused) = &parse(sql).statements[0].body else { panic!("readable") };
    assert_eq!(refused.message, "syntax error at end of input");
    assert_eq!((refused.at.start, refused.at.end), (25, 25));
}

#[test]
fn bodies_keep_their_semicolons() {
    assert_eq!(
        tags(
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END;
             CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b);
             CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC END; DROP TABLE x;
             CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT 1; DROP TABLE y;"
        ),
        ["CREATE FUNCTION", "CREATE RULE", "CREATE PROCEDURE", "DROP TABLE", "-", "DROP TABLE"]
    );
}

#[test]
fn carriage_returns_are_blanks() {
    assert_eq!(
        outline("CREATE TABLE a (\r\n  id int\r\n);\r\n-- x\r\nDROP TABLE a;\r\n"),
        ["CREATE TABLE: CREATE TABLE a (\r\n  id int\r\n)", "DROP TABLE: DROP TABLE a"]
    );
}

#[test]
fn comments_are_listed_wherever_they_stand() {
    let sql = "-- one\r\nSELECT /* two /* nested */ */ 1 -- three\n; -- four";
    let parsed = parse(sql);
    let seen: Vec<_> = parsed.comments.iter().map(|it| (it.kind, it.span.of(sql))).collect();
    assert_eq!(
        seen,
        [
            (CommentKind::Line, "-- one"),
            (CommentKind::Block, "/* two /* nested */ */"),
            (CommentKind::Line, "-- three"),
            (CommentKind::Line, "-- four"),
        ]
    );
}

#[test]
fn psql_commands_are_passed_over() {
    let sql = "\\set ON_ERROR_STOP on\n\\restrict aBc'\nDROP TABLE a;\n\\connect \"x\nSELECT 1 \\gset\nSELECT 2\\g\n\
               \\if :{?x}\n\\echo it's\n\\endif\nDROP TABLE b;\n\\unrestrict aBc'\n";
    assert_eq!(
        outline(sql),
        ["DROP TABLE: DROP TABLE a", "SELECT: SELECT 1", "SELECT: SELECT 2", "DROP TABLE: DROP TABLE b"]
    );
}

#[test]
fn psql_variables_are_holes() {
    let sql = "CREATE TABLE :schema.t_:suffix (id int DEFAULT :'n'); DROP TABLE :\"name\"; SELECT a[1:n], b::int, ':x' FROM t LIMIT :1;";
    let parsed = parse(sql);
    assert_eq!(tags(sql), ["CREATE TABLE", "DROP TABLE", "SELECT"]);
    let holes: Vec<&str> = parsed.holes.iter().map(|it| it.of(sql)).collect();
    assert_eq!(holes, [":schema", ":suffix", ":'n'", ":\"name\"", ":1"]);
}

#[test]
fn rows_of_copy_are_passed_over() {
    let sql = "COPY public.t (a, b) FROM stdin;\n1\tit's; \\N\n2\t$x$ -- /*\n\\.\n\n\nSELECT 1;\nCOPY u FROM STDIN WITH CSV;\r\n'\r\n\\.\r\nSELECT 2;";
    assert_eq!(
        outline(sql),
        [
            "COPY: COPY public.t (a, b) FROM stdin",
            "SELECT: SELECT 1",
            "COPY: COPY u FROM STDIN WITH CSV",
            "SELECT: SELECT 2"
        ]
    );
    // Without rows it is a statement like any other.
    assert_eq!(tags("COPY t FROM stdin;\nSELECT 1;"), ["COPY", "SELECT"]);
    assert_eq!(tags("COPY t TO stdout;\n\\.\nSELECT 1;"), ["COPY", "SELECT"]);
}

#[test]
fn a_dump_is_read_whole() {
    let sql = "--\n-- PostgreSQL database dump\n--\n\n\\restrict q1\n\nSET statement_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\n\n\
               CREATE FUNCTION public.f() RETURNS trigger\n    LANGUAGE plpgsql\n    AS $$\nBEGIN\n  RETURN NEW; -- it's\nEND;\n$$;\n\n\
               ALTER FUNCTION public.f() OWNER TO postgres;\n\nCREATE TABLE public.t (\n    id integer NOT NULL\n);\n\n\
               COPY public.t (id) FROM stdin;\n1\n\\.\n\n\nALTER TABLE ONLY public.t\n    ADD CONSTRAINT t_pkey PRIMARY KEY (id);\n\n\\unrestrict q1\n";
    assert_eq!(
        tags(sql),
        ["SET", "SELECT", "CREATE FUNCTION", "ALTER FUNCTION", "CREATE TABLE", "COPY", "ALTER TABLE"]
    );
}

#[test]
fn bytes_become_text() {
    assert_eq!(decode(b"\xef\xbb\xbfa"), ("a".to_owned(), vec![]));
    assert_eq!(decode(b"\xff\xfea\0\xe9\0"), ("aé".to_owned(), vec![]));
    assert_eq!(decode(b"\xfe\xff\0a\xd8\x3d\xde\x00"), ("a😀".to_owned(), vec![]));
    let seen = |bytes: &[u8]| {
        let (text, problems) = decode(bytes);
        let problems: Vec<String> =
            problems.iter().map(|it| format!("{}..{} {}", it.span.start, it.span.end, it.message)).collect();
        (text, problems.join(", "))
    };
    assert_eq!(
        seen(b"a\xffb\0c"),
        ("a\u{fffd}b c".to_owned(), "1..4 byte 0xff is not valid UTF-8, 5..6 NUL byte".to_owned())
    );
    assert_eq!(
        seen(b"\xff\xfea\0\0\xd8x"),
        (
            "a\u{fffd}\u{fffd}".to_owned(),
            "1..4 lone surrogate 0xd800 is not valid UTF-16, 4..7 half a UTF-16 unit at the end".to_owned()
        )
    );
}

#[test]
fn wrong_bytes_cost_at_most_their_statement() {
    let (text, problems) = decode(b"DROP TABLE a;\nSELECT '\xe9', \xe9;\nDROP\0TABLE b;\n");
    assert_eq!(problems.len(), 3);
    assert_eq!(tags(&text), ["DROP TABLE", "SELECT", "DROP TABLE"]);
    let nul = parse("DROP\0TABLE b; -- \0\nSELECT '\0'");
    assert_eq!(nul.problems.iter().map(|it| it.span.start).collect::<Vec<_>>(), [4, 17, 27]);
    assert_eq!(nul.statements.len(), 2);
}

fn only(sql: &str) -> String {
    let Parsed { statements, .. } = parse(sql);
    assert_eq!(statements.len(), 1);
    says(sql, &statements[0].body).chars().take(60).collect()
}

#[test]
fn a_thousand_terms_are_valid() {
    assert_eq!(only(&format!("SELECT {}", vec!["'x'"; 1_000].join(" || "))), "SELECT");
    assert_eq!(only(&vec!["SELECT 1"; 1_000].join(" UNION ALL ")), "SELECT");
    assert_eq!(only(&format!("SELECT {}1{}", "f(".repeat(1_000), ")".repeat(1_000))), "SELECT");
    assert_eq!(only(&format!("SELECT {}", vec!["a = 1"; 20_000].join(" OR "))), "SELECT");
    assert_eq!(only(&format!("SELECT * FROM a{}", " JOIN b ON true".repeat(1_000))), "SELECT");
}

#[test]
fn what_nests_too_deeply_is_refused() {
    for (open, close) in [
        ("(", ")"),
        ("f(", ")"),
        ("(SELECT ", ")"),
        ("CASE WHEN ", " THEN 1 END"),
        ("ARRAY[", "]"),
        ("- ", ""),
        ("NOT ", ""),
    ] {
        let sql = format!("SELECT 1; SELECT {}1{}; SELECT 2;", open.repeat(20_000), close.repeat(20_000));
        let parsed = parse(&sql);
        assert_eq!(parsed.statements.len(), 3, "{open}");
        let Body::Unreadable(refused) = &parsed.statements[1].body else { panic!("{open}: readable") };
        assert!(
            refused.message.contains("stack depth limit exceeded") || refused.message.starts_with("memory exhausted"),
            "{open}: {}",
            refused.message
        );
    }
    assert_eq!(only(&format!("SELECT {}", vec!["'x'"; 20_000].join(" || "))), "stack depth limit exceeded [SELECT]");
    for depth in [1_500, 1_999, 2_500, 4_000, 4_990, 6_000] {
        parse(&format!("SELECT {}", vec!["'x'"; depth].join(" || ")));
        parse(&format!("SELECT {}1{}", "f(".repeat(depth), ")".repeat(depth)));
        parse(&format!("SELECT {}1{}", "(SELECT ".repeat(depth), ")".repeat(depth)));
    }
}

#[test]
fn ten_megabytes_are_read_to_the_end() {
    let table = "CREATE TABLE app.orders (\n  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n  total numeric(10, 2) NOT NULL DEFAULT 0 CHECK (total >= 0),\n  note text\n);\nCREATE INDEX ON app.orders (lower(note)) WHERE note IS NOT NULL;\n";
    let times = 10_000_000 / table.len();
    let sql = table.repeat(times);
    let parsed = parse(&sql);
    assert_eq!(parsed.statements.len(), 2 * times);
    assert!(parsed.statements.iter().all(|it| it.body.tag().is_some()));
}

#[test]
fn many_quotes_without_end_stay_affordable() {
    let sql: String = (0..20_000).map(|it| format!("SELECT $a{it}$;\n")).collect();
    let parsed = parse(&sql);
    assert!(parsed.statements.iter().all(|it| it.body.tag().is_none()));
    assert!(parsed.statements.len() > 5);
}
