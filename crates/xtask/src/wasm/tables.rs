//! Packs the tables of PostgreSQL's scanner and parser in a finished module: see [`lockkeeper_wasm_libc::tables`].
//!
//! What they hold, the parser's sources say; by that they are found in the module, wherever the linker has put them.

use super::module::Module;
use crate::tools;
use anyhow::{Context, Result, ensure};
use lockkeeper_wasm_libc::tables::{MARK, Places, Transition, pack_rows, pack_transitions};
use std::fs;
use std::path::{Path, PathBuf};

/// The tables as the sources have them.
struct Tables {
    actions: Vec<i32>,
    gotos: Vec<i16>,
    columns: Vec<i16>,
    values: Vec<i16>,
    transitions: Vec<Transition>,
}

/// Packs the tables in the module that is this file.
pub(super) fn pack(file: &Path) -> Result<()> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut module = Module::read(&bytes)?;
    Tables::read()?.pack(&mut module)?;
    fs::write(file, module.write()).with_context(|| format!("cannot write {}", file.display()))
}

impl Tables {
    fn read() -> Result<Self> {
        let folder = sources()?;
        let read = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
        };
        let (parser, scanner) = (read("src_backend_parser_gram.c")?, read("src_backend_parser_scan.c")?);
        Ok(Tables {
            actions: table(&parser, "yypact")?,
            gotos: table(&parser, "yypgoto")?,
            columns: table(&parser, "yycheck")?,
            values: table(&parser, "yytable")?,
            transitions: table(&scanner, "yy_transition")?.as_chunks().0.to_vec(),
        })
    }

    /// Replaces the tables in the module by what unpacks to them, and tells it where they are.
    fn pack(&self, module: &mut Module) -> Result<()> {
        let Tables { actions, gotos, columns, values, transitions } = self;
        let rows = pack_rows(actions, gotos, columns, values).context("Bison's tables cannot be packed")?;
        let targets = pack_transitions(transitions).context("flex's table cannot be packed")?;
        let kept = [of_long(actions), of_short(gotos)];
        let replaced = [of_short(columns), of_short(values), of_long(transitions.as_flattened())];
        let mut places = Places::default();
        let lengths = [actions.len(), gotos.len(), columns.len(), values.len(), transitions.len()];
        for ((place, table), length) in places.iter_mut().zip(kept.iter().chain(&replaced)).zip(lengths) {
            let at = module.find(table).context("a table of the parser is not in the module as its sources have it")?;
            *place = [at as u32, length as u32];
        }
        let packed = [of_short(&rows[0]), of_short(&rows[1]), of_long(targets.as_flattened())];
        for (place, table) in places[kept.len()..].iter().zip(packed) {
            module.memory[place[0] as usize..][..table.len()].copy_from_slice(&table);
        }
        let mark: Vec<u8> = MARK.iter().flat_map(|it| it.to_le_bytes()).collect();
        let places: Vec<u8> = places.as_flattened().iter().flat_map(|it| it.to_le_bytes()).collect();
        let at = module.find(&mark).context("the module has no place for the places of its tables")? + mark.len();
        let room = module.memory.get_mut(at..at + places.len()).context("that place is cut off")?;
        ensure!(room.iter().all(|it| *it == 0), "the module is packed already");
        room.copy_from_slice(&places);
        Ok(())
    }
}

/// The folder of PostgreSQL's sources in the package that brings them.
fn sources() -> Result<PathBuf> {
    let metadata = tools::output(&mut tools::cargo(&["metadata", "--format-version", "1", "--quiet"]));
    let metadata = metadata.context("cargo does not say where packages are")?;
    let manifests = metadata.split("\"manifest_path\":\"").filter_map(|it| it.split('"').next());
    let mut folders = manifests.filter_map(|it| Path::new(it).parent());
    let is_parser = |it: &&Path| it.file_name().is_some_and(|name| name.to_string_lossy().starts_with("pg_query-"));
    let package = folders.find(is_parser).context("the package `pg_query` is not there")?;
    Ok(package.join("libpg_query/src/postgres"))
}

/// The numbers of an array in C: `static const int name[] = { 1, -2, { 3, 4 } };`
fn table<T: TryFrom<i32>>(source: &str, name: &str) -> Result<Vec<T>> {
    let written = source.match_indices(&format!(" {name}[")).find_map(|(at, _)| {
        let (head, rest) = source[at..].split_once('{')?;
        let is_definition = head.trim_end().ends_with('=') && !head.contains(';');
        is_definition.then(|| rest.split_once("};").map(|it| it.0))?
    });
    let written = written.with_context(|| format!("the parser's sources have no table `{name}`"))?;
    let numbers = written.split(|it: char| it != '-' && !it.is_ascii_digit()).filter(|it| !it.is_empty());
    numbers
        .map(|it| it.parse().ok().and_then(|it: i32| T::try_from(it).ok()))
        .collect::<Option<_>>()
        .with_context(|| format!("the table `{name}` of the parser's sources is not understood"))
}

fn of_short(table: &[i16]) -> Vec<u8> {
    table.iter().flat_map(|it| it.to_le_bytes()).collect()
}

fn of_long(table: &[i32]) -> Vec<u8> {
    table.iter().flat_map(|it| it.to_le_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_from_its_definition() {
        let source = "/* yytable[STATE] is … */\nint a = yytable[3];\nstatic const yytype_int16 yytable[] =\n{\n  1,\n   -2, 30\n};\n\
            static const struct s yy_transition[6] =\n{\n { 1, 2 },\n {   3,-4 },\n};\n";
        assert_eq!(table::<i16>(source, "yytable").unwrap(), [1, -2, 30]);
        assert_eq!(table::<i32>(source, "yy_transition").unwrap().as_chunks().0, [[1, 2], [3, -4]]);
        assert!(table::<i16>(source, "yycheck").is_err());
        assert!(table::<i16>("int yycheck[] = { 40000 };", "yycheck").is_err(), "more than two bytes");
    }

    #[test]
    fn the_tables_of_the_parser_can_be_packed() {
        let Tables { actions, gotos, columns, values, transitions } = Tables::read().unwrap();
        let rows = pack_rows(&actions, &gotos, &columns, &values).unwrap();
        assert!(rows.iter().all(|it| it.ends_with(&[0; 10_000])), "rows leave no gaps");
        assert!(pack_transitions(&transitions).is_some());
    }
}
