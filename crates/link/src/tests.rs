use super::*;
use proptest::prelude::*;

fn file(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: text.to_owned() }
}

fn migration(sql: &str) -> Shared {
    Shared { files: vec![file("migration.sql", sql)], tool: "0.1.0".to_owned(), ..Shared::default() }
}

#[test]
fn everything_comes_back() {
    let shared = Shared {
        files: vec![file("schema.sql", "CREATE TABLE t (id int);\n"), file("db/0002_é.sql", "DROP TABLE t; -- 🛶\n")],
        shown: 1,
        postgres: Some(14),
        config: "[rules]\ntable-dropped = \"off\"\n".to_owned(),
        view: Some("locks".to_owned()),
        tool: "0.1.0".to_owned(),
    };
    assert_eq!(decode(&encode(&shared)).unwrap(), shared);
}

#[test]
fn an_ordinary_migration_is_a_short_link() {
    let sql = "ALTER TABLE users ADD COLUMN plan text NOT NULL DEFAULT 'free';\n\
               CREATE INDEX users_plan_idx ON users (plan);\n";
    let link = encode(&migration(sql));
    assert!(link.len() < sql.len() * 6 / 10, "{} letters for {} of SQL", link.len(), sql.len());
    assert!(link.chars().all(|it| it.is_ascii_alphanumeric() || it == '-' || it == '_'), "{link}");
}

/// Links of this kind stand in chats and issues: whatever changes, these must be read as they were meant.
#[test]
fn links_of_every_time_are_read() {
    let first =
        Shared { postgres: Some(17), ..migration("CREATE INDEX orders_customer_id_idx ON orders (customer_id);\n") };
    assert_eq!(decode("1Y2QF00yMguy2KB4jNVQA").unwrap(), first);
    let full = "1Y2QF00yMfMxy0FYuF7hZqptSlF9QkJoCa_NysbCCMkwxKyMjG5Ip7O4okZyfkgKOEqh9OgqohYYmai0MrXdB9S0Xm3BKkr6Bg\
                YFRfHrR4W2H56eCTbfQ1VX4MH_2Ni7ckQmyEhSqoPgC2w42DgA";
    let files = vec![
        file("schema.sql", "CREATE TABLE odds (id bigint, at timestamptz) PARTITION BY RANGE (at);\n"),
        file("db/0002_größe.sql", "-- 🛶\nCREATE INDEX CONCURRENTLY odds_at ON odds (at);\n"),
    ];
    let config = "[rules]\ntable-dropped = \"off\"\n".to_owned();
    let (postgres, view, tool) = (Some(14), Some("locks".to_owned()), "0.1.0".to_owned());
    assert_eq!(decode(full).unwrap(), Shared { files, shown: 1, postgres, config, view, tool });
}

#[test]
fn what_is_no_link_is_refused() {
    let link = encode(&migration("SELECT 1;"));
    assert_eq!(decode(""), Err(LinkError::Format));
    assert_eq!(decode(&link.replacen('1', "2", 1)), Err(LinkError::Format));
    assert_eq!(decode("1%20"), Err(LinkError::Damaged));
    assert_eq!(decode("1"), Err(LinkError::Damaged));
    for end in 1..link.len() {
        assert_eq!(decode(&link[..end]), Err(LinkError::Damaged), "the first {end} letters");
    }
}

#[test]
fn a_link_that_would_fill_the_memory_is_refused() {
    let link = encode(&migration(&"a".repeat(MOST + 1)));
    assert!(link.len() < 20_000, "it is small to begin with");
    assert_eq!(decode(&link), Err(LinkError::TooLarge));
}

#[test]
fn a_field_of_a_newer_page_is_skipped() {
    let mut frame = vec![200, 3, 1, 2, 3];
    frame.extend(frame::write(&migration("SELECT 1;")));
    assert_eq!(frame::read(&frame).unwrap(), migration("SELECT 1;"));
}

proptest! {
    #[test]
    fn any_text_comes_back(path in "\\PC{1,20}", text in "(?s).{0,2000}", shown in 0usize..3) {
        let shared = Shared { files: vec![file(&path, &text)], shown, ..Shared::default() };
        prop_assert_eq!(decode(&encode(&shared)).unwrap(), shared);
    }

    #[test]
    fn any_letters_are_answered(letters in "[A-Za-z0-9_-]{0,400}") {
        let _ = decode(&format!("1{letters}"));
    }
}
