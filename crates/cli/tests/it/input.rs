//! Odd input.

use crate::project;

#[test]
fn standard_input_is_read() {
    let run = project(&[]).run_with_stdin("check - --format json", b"DROP TABLE t;\n");
    assert_eq!(run.places(), ["<stdin>:1:12 table-dropped"]);
    assert_eq!(run.status, 1);
}

#[test]
fn standard_input_can_stand_for_a_file_of_a_history() {
    let project = project(&[("db/1.sql", "CREATE TABLE t (id int);\n"), ("db/2.sql", "SELECT 1;\n")]);
    let run = project.run_with_stdin("check - --stdin-filename db/2.sql --format json", b"CREATE TABLE t (id int);\n");
    assert_eq!(run.places(), ["db/2.sql:1:14 object-exists-already"]);
}

#[test]
fn a_file_that_cannot_be_read_hides_nothing_and_is_2() {
    let run = project(&[("db/1.sql", "DROP TABLE t;\n")]).run("check db missing.sql --format json");
    assert_eq!(run.places(), ["db/1.sql:1:12 table-dropped", "missing.sql:1:1 read"]);
    assert_eq!(run.status, 2);
}

#[test]
fn bytes_that_are_no_text_are_2_and_the_rest_is_linted() {
    let project = project(&[]);
    project.write("1.sql", b"SELECT '\xff';\nDROP TABLE t;\n");
    let run = project.run("check 1.sql --format json --fail-on never");
    assert_eq!(run.places(), ["1.sql:2:12 table-dropped", "1.sql:1:9 decode"]);
    assert_eq!(run.status, 2);
}

#[test]
fn encodings_and_line_ends_change_no_place() {
    let project = project(&[]);
    let text = "SELECT 1;\r\nDROP TABLE t;\r\n";
    project.write("crlf.sql", text.as_bytes());
    project.write("mark.sql", format!("\u{feff}{text}").as_bytes());
    let wide: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect();
    project.write("wide.sql", &wide);
    for (file, offset) in [("crlf.sql", 22), ("mark.sql", 25), ("wide.sql", 46)] {
        let run = project.run(&format!("check {file} --no-history --format json"));
        assert_eq!(run.places(), [format!("{file}:2:12 table-dropped")]);
        assert_eq!(run.json()["findings"][0]["start"]["offset"], offset, "{file}");
    }
}

#[test]
fn an_empty_file_is_fine() {
    assert_eq!(project(&[("1.sql", "")]).run("check 1.sql").status, 0);
}

#[test]
fn nothing_to_read_is_wrong_usage() {
    let run = project(&[("readme.txt", "")]).run("check");
    assert_eq!(run.status, 2);
    assert_eq!(
        run.err,
        "error: no migrations found in the current folder; name files or folders, or `-` for standard input\n"
    );
}

#[test]
fn ignored_files_are_passed_over_unless_named() {
    let project = project(&[(".gitignore", "old/\n"), ("db/1.sql", "SELECT 1;\n"), ("old/1.sql", "DROP TABLE t;\n")]);
    assert_eq!(project.run("check").status, 0);
    assert_eq!(project.run("check old/1.sql").status, 1);
}

#[test]
fn markers_part_the_ways() {
    let text = "-- migrate:up\nCREATE TABLE t (id int);\n-- migrate:down\nDROP TABLE t;\n";
    let run = project(&[("db/1.sql", text), ("db/2.sql", "-- migrate:up\nSELECT 1;\n-- migrate:down\n")])
        .run("check db --format json");
    // What the way back loses, its own migration made: nothing to speak of.
    assert_eq!((run.places(), run.status), (Vec::<String>::new(), 0));
    assert_eq!(run.json()["summary"]["files"], 2);
}

#[test]
fn many_files_come_in_the_same_order_every_time() {
    let files: Vec<(String, String)> = (0..60)
        .map(|it| (format!("db/{it}.sql"), format!("CREATE TABLE t{it} (id int);\nDROP TABLE other{it};\n")))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let project = project(&files);
    let first = project.run("check db --format json").out;
    assert_eq!(project.run("check db --format json").out, first);
}
