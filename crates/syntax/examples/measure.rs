//! Scratch.
#![allow(clippy::print_stdout)]
use lockkeeper_syntax::*;
fn walk(p: &std::path::Path, out: &mut Vec<std::path::PathBuf>) {
    if p.is_dir() {
        for e in std::fs::read_dir(p).unwrap() {
            walk(&e.unwrap().path(), out);
        }
    } else {
        out.push(p.into());
    }
}
fn main() {
    let mut files = vec![];
    for a in std::env::args().skip(1) {
        walk(a.as_ref(), &mut files);
    }
    files.sort();
    let (mut n, mut bad, mut bytes, mut outside, mut empty) = (0, 0, 0, 0, 0);
    let start = std::time::Instant::now();
    let mut time = std::time::Duration::ZERO;
    for f in files {
        let (text, problems) = decode(&std::fs::read(&f).unwrap());
        if !problems.is_empty() {
            println!("{}: {:?}", f.display(), problems);
        }
        bytes += text.len();
        let t = std::time::Instant::now();
        let p = parse(&text);
        time += t.elapsed();
        for s in &p.statements {
            n += 1;
            if let Body::Unreadable(u) = &s.body {
                bad += 1;
                println!(
                    "{}: {} [{}] {}",
                    f.display(),
                    u.message,
                    u.at.of(&text),
                    s.span.of(&text).chars().take(150).collect::<String>().replace('\n', " ")
                );
            } else if std::env::var("CHECK").is_ok() {
                let d = format!("{:?}", s.body);
                if let Body::AlterTable(a) = &s.body {
                    for x in &a.actions {
                        let t = x.span.of(&text);
                        if t.is_empty() || t.ends_with(',') {
                            println!("ACTION {t}");
                        }
                    }
                }
                for piece in d.split("Span { start: ").skip(1) {
                    let Some((a, rest)) = piece.split_once(", end: ") else { continue };
                    let Some((b, _)) = rest.split_once(' ') else { continue };
                    if let (Ok(a), Ok(b)) = (a.parse(), b.parse()) {
                        let x = Span::new(a, b);
                        if !s.span.contains(x) {
                            outside += 1;
                            println!("OUTSIDE {}: {:?} in {}", f.display(), x.of(&text), s.span.of(&text));
                        }
                    }
                }
                // names whose text differs from the written
                let mut rest = &d[..];
                while let Some(at) = rest.find("Name { text: \"") {
                    rest = &rest[at + 14..];
                    let Some(q) = rest.find("\", span: Span { start: ") else { break };
                    let name = rest[..q].to_owned();
                    rest = &rest[q + 23..];
                    let Some((a, r)) = rest.split_once(", end: ") else { break };
                    let Some((b, _)) = r.split_once(' ') else { break };
                    let written = Span::new(a.parse().unwrap(), b.parse().unwrap()).of(&text);
                    let w = written.trim_matches('"').trim_matches('\'');
                    if w.is_empty() {
                        empty += 1;
                        if name != "btree" && name != "pg_catalog" && name != "plpgsql" && !name.is_empty() {
                            println!(
                                "EMPTY {name} in {}",
                                s.span.of(&text).chars().take(300).collect::<String>().replace('\n', " ")
                            );
                        }
                    } else if !w.eq_ignore_ascii_case(&name)
                        && ![
                            "int4",
                            "int8",
                            "int2",
                            "bool",
                            "varchar",
                            "timestamptz",
                            "timestamp",
                            "numeric",
                            "float8",
                            "float4",
                            "bpchar",
                            "pg_catalog",
                            "time",
                            "timetz",
                            "varbit",
                            "interval",
                            "?column?",
                        ]
                        .contains(&&*name)
                        && !w.contains('(')
                    {
                        println!(
                            "NAME {name} written {w} in {}",
                            s.span.of(&text).chars().take(200).collect::<String>().replace('\n', " ")
                        );
                    }
                }
            }
        }
    }
    println!(
        "{n} statements, {bad} unreadable, {bytes} bytes, parse {time:?}, all {:?}, outside {outside}, empty {empty}",
        start.elapsed()
    );
}
