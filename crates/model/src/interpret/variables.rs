//! Variables of PL/pgSQL code, which must be declared before the code can run; `pl_gram.y` looks them up as it reads.

use lockkeeper_syntax::ast::{Block, Instruction, Loop, Name};
use smol_str::SmolStr;

/// What every function has.
static OF_SERVER: &[&str] = &["found", "new", "old", "sqlerrm", "sqlstate"];

/// The first name that is given a value and declared nowhere. One with dots may begin with a label, so it is passed over.
pub(super) fn undeclared(block: &Block, known: &mut Vec<SmolStr>) -> Option<Name> {
    let outer = known.len();
    known.extend(block.variables.iter().map(|it| it.name.text.clone()));
    let lists = std::iter::once(&block.steps).chain(block.handlers.iter().map(|it| &it.steps));
    let found = lists.flatten().find_map(|it| in_step(it, known));
    known.truncate(outer);
    found
}

fn in_step(step: &Instruction, known: &mut Vec<SmolStr>) -> Option<Name> {
    let lost = |name: &Name, known: &[SmolStr]| {
        let text = name.text.as_str();
        // A parameter can be given a value by its number.
        !known.contains(&name.text) && !OF_SERVER.contains(&text) && !text.starts_with("tg_") && !text.starts_with('$')
    };
    match step {
        Instruction::Assign(name, Some(_)) => lost(name, known).then(|| name.clone()),
        Instruction::Block(block) => undeclared(block, known),
        Instruction::Branch { branches, otherwise } => {
            let mut all = branches.iter().flat_map(|(_, steps)| steps).chain(otherwise);
            all.find_map(|it| in_step(it, known))
        }
        Instruction::Loop(kind, steps) => {
            let outer = known.len();
            match kind {
                // It declares its own.
                Loop::Range { variable, .. } => known.push(variable.text.clone()),
                Loop::Rows { variables, query: Some(_) } => match variables.as_slice() {
                    [only] if lost(only, known) => return Some(only.clone()),
                    _ => {}
                },
                Loop::Rows { .. } | Loop::Elements { .. } | Loop::While => {}
            }
            let found = steps.iter().find_map(|it| in_step(it, known));
            known.truncate(outer);
            found
        }
        Instruction::Assign(_, None)
        | Instruction::Sql(..)
        | Instruction::Execute(..)
        | Instruction::Leave { .. }
        | Instruction::Raise(_)
        | Instruction::EndTransaction(_) => None,
    }
}
