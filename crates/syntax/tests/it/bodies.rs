//! The text of functions: what is read of it, and what the server's parser refuses.

use lockkeeper_syntax::ast::{Body, Code};
use lockkeeper_syntax::parse;

/// The message and the marked text, if the code of a `DO` block is refused.
fn problem(code: &str) -> Option<(String, String)> {
    let sql = format!("DO $do$\n{code}\n$do$");
    let parsed = parse(&sql);
    let Body::Do(it) = &parsed.statements[0].body else { panic!("not a DO block: {sql}") };
    let problem = it.program.as_ref()?.problem.clone()?;
    Some((problem.message, problem.at.of(&sql).to_owned()))
}

#[test]
fn what_people_write_is_read() {
    for code in [
        "BEGIN END",
        "<<outer>> DECLARE a int := 1; b CONSTANT text DEFAULT 'x'; c t.d%TYPE; e CURSOR FOR SELECT 1; BEGIN NULL; END outer;",
        "#variable_conflict use_column\nBEGIN END",
        "BEGIN a := 1; b.c = 2; d[1] := 3; SELECT x INTO STRICT a, b FROM t WHERE y; INSERT INTO t VALUES (1) RETURNING id INTO a; END",
        "BEGIN IF a THEN NULL; ELSIF CASE WHEN b THEN c END THEN NULL; ELSE NULL; END IF; END",
        "BEGIN CASE a WHEN 1, 2 THEN NULL; ELSE NULL; END CASE; CASE WHEN a > 1 THEN NULL; END CASE; END",
        "BEGIN LOOP EXIT WHEN a; CONTINUE; END LOOP; WHILE a LOOP NULL; END LOOP; FOR i IN REVERSE 10..1 BY 2 LOOP NULL; END LOOP x; END",
        "DECLARE r record; BEGIN FOR r IN SELECT * FROM t LOOP NULL; END LOOP; FOR r IN EXECUTE 'x' USING 1 LOOP NULL; END LOOP; END",
        "BEGIN FOREACH x SLICE 1 IN ARRAY a LOOP RAISE NOTICE '%', x; END LOOP; END",
        "BEGIN PERFORM f(1); EXECUTE 'x' INTO a USING b, c; GET DIAGNOSTICS n = ROW_COUNT; ASSERT a > 1; END",
        "BEGIN RETURN; RETURN NEXT a; RETURN QUERY SELECT 1; RETURN QUERY EXECUTE 'x' USING 1; END",
        "BEGIN BEGIN x := 1; EXCEPTION WHEN unique_violation OR others THEN RAISE; WHEN SQLSTATE '42P07' THEN NULL; END; COMMIT; END",
        "BEGIN OPEN c FOR SELECT 1; FETCH c INTO a; MOVE c; CLOSE c; CALL p(1); LOCK TABLE t; TRUNCATE t; END",
        "BEGIN IF count(*) > 0 FROM t THEN NULL; END IF; x := (SELECT 1 FROM t); RETURN x IS NULL; END",
    ] {
        assert_eq!(problem(code), None, "{code}");
    }
}

#[test]
fn the_first_error_has_its_place() {
    let of = |code: &str| problem(code).unwrap_or_else(|| panic!("read: {code}"));
    assert_eq!(of("BEGIN SELEC 1; END").1, "SELEC");
    assert_eq!(of("BEGIN IF a THEN NULL; END; END").1, ";");
    assert_eq!(of("BEGIN a := 1 +; END").0, "syntax error at end of input");
    assert_eq!(of("BEGIN NULL;").0, "syntax error at end of input");
    assert_eq!(of("BEGIN END; SELECT 1").1, "SELECT");
    assert_eq!(of("BEGIN PERFORM FROM x y z; END").1, "z");
}

#[test]
fn text_with_doubled_quotes_has_the_place_of_its_constant() {
    let sql = "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT ''a''; CREATE TABLE t (a int)'";
    let parsed = parse(sql);
    let Body::CreateFunction(it) = &parsed.statements[0].body else { panic!("not a function") };
    let Some(Code::Sql(statements)) = it.program.as_ref().map(|it| &it.code) else { panic!("not read") };
    assert_eq!(statements.len(), 2);
    assert!(statements.iter().all(|it| it.span.of(sql).starts_with("'SELECT")));
    let Body::CreateTable(table) = &statements[1].body else { panic!("not a table") };
    assert_eq!(table.name.name.text, "t");
}

#[test]
fn bodies_in_the_form_of_the_standard_are_read_where_they_stand() {
    let sql = "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC \
               INSERT INTO t VALUES (a); RETURN (SELECT CASE WHEN a > 1 THEN 2 END); END; \
               CREATE FUNCTION return(a int) RETURNS int RETURN a + 1";
    let parsed = parse(sql);
    let read = |at: usize| {
        let Body::CreateFunction(it) = &parsed.statements[at].body else { panic!("not a function") };
        let program = it.program.as_ref().expect("it is read");
        assert!(program.bound && program.problem.is_none());
        let Code::Sql(statements) = &program.code else { panic!("not SQL") };
        statements.iter().map(|it| (it.body.tag().unwrap_or_default(), it.span.of(sql))).collect::<Vec<_>>()
    };
    assert_eq!(
        read(0),
        [("INSERT", "INSERT INTO t VALUES (a)"), ("SELECT", "RETURN (SELECT CASE WHEN a > 1 THEN 2 END)")]
    );
    assert_eq!(read(1), [("SELECT", "RETURN a + 1")]);
}
