//! What every database holds from the start: `crates/model/src/builtins/*.txt` against the servers' own catalogs.
//! With `LOCKKEEPER_WRITE_FACTS=1`, as `cargo xtask generate` sets it, the files are written instead.

use crate::servers;
use lockkeeper_verify::Cluster;
use lockkeeper_verify::postgres::{Error, NoTls};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// A kind of fact: its file, and the query that gives its lines.
struct Kind {
    file: &'static str,
    query: &'static str,
}

/// Functions that take or give what no SQL value can be are left out: nobody calls them.
const KINDS: &[Kind] = &[
    Kind {
        file: "functions.txt",
        query: "SELECT proname || '(' || coalesce((SELECT string_agg(t.typname, ',' ORDER BY n)
                  FROM unnest(proargtypes) WITH ORDINALITY a(id, n) JOIN pg_type t ON t.oid = a.id), '') || ')'
                || r.typname || ':' || provolatile::text || CASE WHEN proisstrict THEN '' ELSE 'n' END
                || CASE prokind WHEN 'f' THEN '' ELSE prokind::text END || CASE WHEN proretset THEN 'r' ELSE '' END
                || CASE WHEN provariadic <> 0 THEN 'V' ELSE '' END
                || CASE WHEN pronargdefaults > 0 THEN pronargdefaults::text ELSE '' END
            FROM pg_proc JOIN pg_type r ON r.oid = prorettype
            WHERE pronamespace = 'pg_catalog'::regnamespace AND NOT EXISTS (
                SELECT FROM unnest(prorettype || proargtypes::oid[]) id JOIN pg_type t ON t.oid = id
                WHERE t.typtype = 'p' AND t.typname !~ '^(any|_?record|void|unknown)')",
    },
    Kind {
        file: "operators.txt",
        query: "SELECT oprname || ' ' || coalesce(l.typname, '-') || ' ' || r.typname || ' ' || t.typname || ' '
                || provolatile::text || CASE WHEN proisstrict THEN '' ELSE 'n' END
            FROM pg_operator LEFT JOIN pg_type l ON l.oid = oprleft JOIN pg_type r ON r.oid = oprright
                JOIN pg_type t ON t.oid = oprresult JOIN pg_proc p ON p.oid = oprcode
            WHERE oprnamespace = 'pg_catalog'::regnamespace",
    },
    Kind {
        file: "casts.txt",
        query: "SELECT s.typname || ' ' || t.typname || ' ' || castcontext::text || castmethod::text
                || coalesce(provolatile::text, '')
            FROM pg_cast JOIN pg_type s ON s.oid = castsource JOIN pg_type t ON t.oid = casttarget
                LEFT JOIN pg_proc p ON p.oid = castfunc",
    },
    Kind {
        file: "types.txt",
        query:
            "SELECT t.typname || ' ' || t.typcategory::text || CASE WHEN t.typispreferred THEN 'p' ELSE '' END || ' '
                || t.typtype::text || ' ' || i.provolatile::text || o.provolatile::text
                || CASE WHEN t.typcollation <> 0 THEN 'c' ELSE '' END
            FROM pg_type t JOIN pg_proc i ON i.oid = t.typinput JOIN pg_proc o ON o.oid = t.typoutput
            WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typtype <> 'c'
                AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)",
    },
    Kind {
        file: "opclasses.txt",
        query: "SELECT amname || ' ' || opcname || ' ' || typname || ' ' || opfname
                || CASE WHEN opcdefault THEN ' d' ELSE '' END
            FROM pg_opclass JOIN pg_am a ON a.oid = opcmethod JOIN pg_type t ON t.oid = opcintype
                JOIN pg_opfamily f ON f.oid = opcfamily",
    },
];

#[test]
fn builtin_facts_are_the_servers_own() {
    let seen = servers::on_each(|cluster| (cluster.server().major, KINDS.iter().map(|it| ask(cluster, it)).collect()));
    let writing = std::env::var_os("LOCKKEEPER_WRITE_FACTS").is_some();
    for (at, kind) in KINDS.iter().enumerate() {
        let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/model/src/builtins")).join(kind.file);
        let lists: Vec<(u32, &Vec<String>)> =
            seen.iter().map(|(major, all): &(u32, Vec<Vec<String>>)| (*major, &all[at])).collect();
        if writing {
            assert_eq!(lists.len(), VERSIONS.len(), "facts are written with a server of each version");
            fs::write(&path, file(&lists)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            continue;
        }
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for (major, list) in lists {
            let ours: Vec<&str> = text.lines().filter_map(|it| valid(it, major)).collect();
            let theirs: Vec<&str> = list.iter().map(String::as_str).collect();
            assert!(ours == theirs, "{}: differs from PostgreSQL {major}; run `cargo xtask generate`", kind.file);
        }
    }
}

const VERSIONS: &[u32] = &[13, 14, 15, 16, 17, 18];

fn ask(cluster: &Cluster, kind: &Kind) -> Vec<String> {
    let lines = || -> Result<Vec<String>, Error> {
        let rows = cluster.config().connect(NoTls)?.query(kind.query, &[])?;
        Ok(rows.iter().map(|it| it.get(0)).collect())
    };
    let mut lines = lines().unwrap_or_else(|error| panic!("{}: {error}", kind.file));
    lines.sort();
    lines
}

/// All versions' lines in order; one that some versions lack ends in the versions that have it.
fn file(lists: &[(u32, &Vec<String>)]) -> String {
    let mut lines: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (major, list) in lists {
        list.iter().for_each(|it| lines.entry(it).or_default().push(*major));
    }
    let mut text = String::new();
    for (line, majors) in lines {
        let (first, last) = (majors[0], majors[majors.len() - 1]);
        assert_eq!(majors.len() as u32, last - first + 1, "{line}: the versions have a gap");
        text.push_str(line);
        match (first == VERSIONS[0], last == VERSIONS[VERSIONS.len() - 1]) {
            (true, true) => {}
            (false, true) => text.push_str(&format!(" @{first}-")),
            (true, false) => text.push_str(&format!(" @-{last}")),
            (false, false) => text.push_str(&format!(" @{first}-{last}")),
        }
        text.push('\n');
    }
    text
}

/// The fact of a line, if it holds for the version.
fn valid(line: &str, major: u32) -> Option<&str> {
    let Some((fact, versions)) = line.rsplit_once(" @") else { return Some(line) };
    let (first, last) = versions.split_once('-')?;
    let after = first.is_empty() || first.parse::<u32>().is_ok_and(|it| it <= major);
    let before = last.is_empty() || last.parse::<u32>().is_ok_and(|it| it >= major);
    (after && before).then_some(fact)
}
