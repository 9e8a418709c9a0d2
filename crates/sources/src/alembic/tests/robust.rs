use super::{file, read};
use proptest::prelude::*;

/// Reads a text, and looks whether every place lies in it.
fn examine(text: &str) {
    let revision = read(text);
    let inside = |span: lockkeeper_syntax::Span| {
        assert!(span.start <= span.end && span.end as usize <= text.len(), "{span:?} of {}", text.len());
        assert!(text.is_char_boundary(span.start as usize) && text.is_char_boundary(span.end as usize), "{span:?}");
    };
    for direct in [&revision.up, &revision.down].into_iter().flatten() {
        for it in &direct.statements {
            inside(it.call);
            inside(direct.places.of(it.span));
        }
        for (span, gap) in &direct.gaps {
            inside(gap.span);
            inside(direct.places.of(*span));
        }
        for (at, letter) in direct.sql.char_indices() {
            let end = at + letter.len_utf8();
            inside(direct.places.of(lockkeeper_syntax::Span::new(at as u32, end as u32)));
        }
    }
}

#[test]
fn deep_nesting_is_refused_or_survived() {
    for unit in
        ["(", "[", "{", "f(", "not ", "-", "~", "a if b else ", "lambda: ", "x.", "await ", "if x:\n ", "**", "a<"]
    {
        examine(&file(&format!("op.execute({}", unit.repeat(20_000))));
        examine(&unit.repeat(20_000));
    }
    examine(&file(&format!("op.execute({})", vec!["'a'"; 4_000].join(" + "))));
}

#[test]
fn what_holds_itself_and_numbers_without_end_are_survived() {
    for body in [
        "x = []\nx.append(x)\nop.execute(f'{x}')\nop.execute(x == x)",
        "x = {}\nx['a'] = x\nimport json\nop.execute(json.dumps(x))",
        "x = []\nfor i in range(4000):\n    x = [x]\nop.execute(str(x))",
        "from datetime import timedelta\nx = 'a' * 9223372036854775807\ny = timedelta(days=9223372036854775807) * 99\nz = range(-9223372036854775808, 9223372036854775807)",
        "def f():\n    return f()\nf()",
    ] {
        examine(&file(body));
    }
}

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "op.",
        "execute",
        "create_table",
        "add_column",
        "alter_column",
        "create_index",
        "(",
        ")",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "'odds'",
        "'a b'",
        "\"x:y\"",
        "f'{x}{y:02d}'",
        "f'ø{",
        "'\\N{DASH}\\x41\\u00e6'",
        "sa.",
        "Column",
        "Integer()",
        "text",
        ",",
        "=",
        "==",
        " for x in ",
        " if ",
        " else ",
        " in ",
        " + ",
        " % ",
        "**",
        "*",
        "None",
        "True",
        "1",
        "-2",
        "3.5",
        "name",
        "nullable",
        "\n    ",
        "\n        ",
        "lambda x: ",
        ".format",
        ".join",
        ".c",
        "x",
        "y",
        "range",
        "op.get_bind()",
        "batch_op",
        ":",
        "ø🐘",
        "with op.batch_alter_table('t') as b:",
        "b.drop_column('x')",
        "return",
        "raise X",
        "try:",
        "except:",
        "# lockkeeper: ignore a",
        "Enum('a', name='e')",
        "server_default",
        "postgresql_where",
        "type_",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in "[ -~\\n\\tæ🐘]{0,200}") {
        examine(&text);
        examine(&file(&text));
    }

    #[test]
    fn any_words_are_read(words in prop::collection::vec(word(), 0..60)) {
        examine(&file(&words.concat()));
    }
}
