use super::{file, up};
use lockkeeper_syntax::Span;

/// The Python that made the first `needle` of the SQL.
fn python<'t>(text: &'t str, needle: &str) -> &'t str {
    let direct = up(text);
    let at = direct.sql.find(needle).expect("the needle is in the SQL") as u32;
    direct.places.of(Span::new(at, at + needle.len() as u32)).of(text)
}

#[test]
fn raw_sql_points_into_its_string() {
    let text = file("op.execute(\"\"\"\n    DROP TABLE odds\n\"\"\")");
    assert_eq!(python(&text, "odds"), "odds");
    let text = file("op.execute('DROP ' 'TABLE \\'odds\\' x')");
    assert_eq!(python(&text, "odds"), "odds");
    assert_eq!(python(&text, "'"), "\\'");
}

#[test]
fn a_value_in_an_f_string_points_to_where_it_is_written() {
    let text = file("name = 'odds'\nop.execute(f'DROP TABLE {name} CASCADE {{}}')");
    assert_eq!(python(&text, "odds"), "odds");
    assert_eq!(python(&text, "CASCADE"), "CASCADE");
}

#[test]
fn an_operation_points_to_its_argument() {
    let text = file("op.add_column('odds', sa.Column('line', sa.Float(), nullable=False))");
    assert_eq!(python(&text, "FLOAT"), "sa.Float()");
    assert_eq!(python(&text, "line"), "line");
    assert_eq!(python(&text, "NOT NULL"), "sa.Column('line', sa.Float(), nullable=False)");
    assert_eq!(python(&text, "ADD COLUMN"), "op.add_column('odds', sa.Column('line', sa.Float(), nullable=False))");
}

#[test]
fn the_title_names_the_revisions_where_they_are_written() {
    let text = file("pass");
    let direct = up(&text);
    assert_eq!(direct.sql, "-- Running upgrade a1 -> b1\n");
    assert_eq!(direct.places.of(direct.title.revision).of(&text), "'b1'");
    assert_eq!(direct.places.of(direct.title.parents[0]).of(&text), "'a1'");
}

#[test]
fn comments_for_us_go_along() {
    let text = file(
        "# lockkeeper: ignore table-dropped -- agreed\nop.drop_table('a')\nop.drop_table('b')  # lockkeeper: ignore table-dropped",
    );
    let direct = up(&text);
    assert_eq!(
        direct.sql,
        "-- Running upgrade a1 -> b1\n-- lockkeeper: ignore table-dropped -- agreed\nDROP TABLE a;\n\
         DROP TABLE b; -- lockkeeper: ignore table-dropped\n"
    );
}

#[test]
fn a_comment_at_the_end_does_not_swallow_the_semicolon() {
    let text = file("op.execute('SELECT 1 -- one')\nop.execute('SELECT 2;')");
    assert_eq!(up(&text).sql, "-- Running upgrade a1 -> b1\nSELECT 1 -- one\n;\nSELECT 2;\n");
}

#[test]
fn a_key_and_a_type_stand_in_their_columns() {
    let text = file(
        "op.create_table(\n    't',\n    sa.Column('a', sa.Integer(), primary_key=True),\n    sa.Column('b', sa.Integer()),\n)\nop.create_table('u', sa.Column('c', sa.Enum('x')))",
    );
    assert_eq!(python(&text, "PRIMARY KEY"), "sa.Column('a', sa.Integer(), primary_key=True)");
    assert_eq!(up(&text).gaps[0].1.span.of(&text), "sa.Enum('x')");
}

#[test]
fn a_type_stands_where_it_is_used() {
    let kind = "kind = sa.Enum('x', name='kind')\n";
    let text = file(&format!("{kind}op.add_column('t', sa.Column('a', kind))"));
    assert_eq!(python(&text, "kind"), "sa.Column('a', kind)");
    let text = file(&format!("{kind}op.alter_column('t', 'a', type_=kind)"));
    let direct = up(&text);
    let at = direct.sql.find("kind").expect("it is named") as u32;
    assert_eq!(direct.places.of(Span::new(at, at + 4)).start as usize, text.len() - "kind)\n".len());
}
