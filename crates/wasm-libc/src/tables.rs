//! The tables of PostgreSQL's scanner and parser, written so that they compress.
//!
//! Bison lays the rows of a sparse table into each other's gaps, and flex says of each transition how far away its
//! target lies: of what is alike in them a compressor finds little. Here rows stand one behind the other and transitions
//! name their target, which makes 56 KB of brotli 27. Each table is packed within its own place; `cargo xtask wasm` does
//! it to a module that is finished, and the module unpacks them when it starts. One that is not packed stays as it is.

/// What stands before the places of the tables in a module, so that they are found.
pub const MARK: [u32; 4] = [0x6b63_6f6c, 0x7065_656b, 0x7461_7265, 0x736c_6261];

/// The places of the tables: address and length of Bison's `yypact`, `yypgoto`, `yycheck` and `yytable` and of flex's
/// `yy_transition`, lengths in elements. All are 0 in a module that is not packed.
pub type Places = [[u32; 2]; 5];

/// A cell that belongs to no row, in `yycheck`.
const EMPTY: i16 = -1;
/// Behind the last column of a row.
const END: i16 = -1;

/// Where rows start, each start once, in order.
struct Starts {
    rest: std::vec::IntoIter<i32>,
    least: i32,
    seen: Vec<bool>,
}

impl Starts {
    fn new(actions: &[i32], gotos: &[i16]) -> Self {
        let all: Vec<i32> = actions.iter().copied().chain(gotos.iter().map(|it| i32::from(*it))).collect();
        let least = all.iter().copied().min().unwrap_or_default();
        let most = all.iter().copied().max().unwrap_or_default();
        Starts { rest: all.into_iter(), least, seen: vec![false; (most - least) as usize + 1] }
    }
}

impl Iterator for Starts {
    type Item = i32;

    fn next(&mut self) -> Option<i32> {
        let Starts { rest, least, seen } = self;
        rest.find(|it| !std::mem::replace(&mut seen[(it - *least) as usize], true))
    }
}

/// Lays the rows back into each other: `columns` holds the gaps before each cell of a row up to an end mark, `values`
/// what stands in these cells.
pub fn unpack_rows(actions: &[i32], gotos: &[i16], columns: &mut [i16], values: &mut [i16]) {
    let (gaps, packed) = (columns.to_vec(), values.to_vec());
    columns.fill(EMPTY);
    values.fill(0);
    let (mut gaps, mut packed) = (gaps.into_iter(), packed.into_iter());
    for start in Starts::new(actions, gotos) {
        let mut column = -1;
        for gap in gaps.by_ref().take_while(|it| *it != END) {
            column += i32::from(gap) + 1;
            let cell = (start + column) as usize;
            if let (Some(own), Some(value)) = (columns.get_mut(cell), values.get_mut(cell)) {
                *own = column as i16;
                *value = packed.next().unwrap_or_default();
            }
        }
    }
}

/// What [`unpack_rows`] reads; `None` if that would not give the same tables again.
#[cfg(not(target_arch = "wasm32"))]
pub fn pack_rows(actions: &[i32], gotos: &[i16], columns: &[i16], values: &[i16]) -> Option<[Vec<i16>; 2]> {
    use std::collections::HashMap;
    // A cell says which column it is of, and so where its row starts.
    let mut rows: HashMap<i32, Vec<(i16, i16)>> = HashMap::new();
    for (at, (column, value)) in columns.iter().zip(values).enumerate().filter(|it| *it.1.0 != EMPTY) {
        rows.entry(at as i32 - i32::from(*column)).or_default().push((*column, *value));
    }
    let (mut gaps, mut packed) = (Vec::new(), Vec::new());
    for row in Starts::new(actions, gotos).map(|it| rows.remove(&it).unwrap_or_default()) {
        let mut next = 0;
        for (column, value) in row {
            gaps.push(column - next);
            packed.push(value);
            next = column + 1;
        }
        gaps.push(END);
    }
    if gaps.len() > columns.len() {
        return None;
    }
    gaps.resize(columns.len(), 0);
    packed.resize(values.len(), 0);
    let (mut again, mut same) = (gaps.clone(), packed.clone());
    unpack_rows(actions, gotos, &mut again, &mut same);
    (again == columns && same == values).then_some([gaps, packed])
}

/// A transition of flex: the character that it is for, and how far the next state lies from this one.
pub type Transition = [i32; 2];

/// Gives transitions back their form, from all first bytes, then all second bytes and so on of character and target.
pub fn unpack_transitions(transitions: &mut [Transition]) {
    let count = transitions.len();
    let packed: Vec<u8> = transitions.as_flattened().iter().flat_map(|it| it.to_le_bytes()).collect();
    for (at, transition) in transitions.iter_mut().enumerate() {
        let number = |first: usize| i32::from_le_bytes([0, 1, 2, 3].map(|it| packed[(first + it) * count + at]));
        let [character, target] = [number(0), number(4)];
        let state = at as i32 - character;
        *transition = if [character, target] == [0, 0] { [0, 0] } else { [character, target - state] };
    }
}

/// What [`unpack_transitions`] reads; `None` if that would not give the same table again.
#[cfg(not(target_arch = "wasm32"))]
pub fn pack_transitions(transitions: &[Transition]) -> Option<Vec<Transition>> {
    let absolute = |(at, &[character, next]): (usize, &Transition)| {
        let state = at as i32 - character;
        if [character, next] == [0, 0] { [0, 0] } else { [character, state + next] }
    };
    let numbers: Vec<Transition> = transitions.iter().enumerate().map(absolute).collect();
    let plane = |it: usize| numbers.iter().map(move |number| number[it / 4].to_le_bytes()[it % 4]);
    let bytes: Vec<u8> = (0..8).flat_map(plane).collect();
    let (numbers, _) = bytes.as_chunks::<4>();
    let (packed, _) = numbers.as_chunks::<2>();
    let packed: Vec<Transition> = packed.iter().map(|it| it.map(i32::from_le_bytes)).collect();
    let mut again = packed.clone();
    unpack_transitions(&mut again);
    (again == transitions).then_some(packed)
}

#[cfg(target_arch = "wasm32")]
mod module {
    use super::{MARK, Places, unpack_rows, unpack_transitions};
    use std::slice::{from_raw_parts, from_raw_parts_mut};

    #[repr(C)]
    struct Marked {
        mark: [u32; 4],
        places: Places,
    }

    /// What `cargo xtask wasm` fills in.
    #[used]
    static MARKED: Marked = Marked { mark: MARK, places: [[0; 2]; 5] };

    /// Makes the tables what the scanner and the parser read. To be called once, before either is.
    pub fn unpack() {
        // SAFETY: a static; read as it stands in memory, where it is another than the one that was compiled.
        let Marked { places, .. } = unsafe { (&raw const MARKED).read_volatile() };
        let [actions, gotos, columns, values, transitions] = places;
        if transitions == [0, 0] {
            return;
        }
        // SAFETY: `cargo xtask wasm` has found the five tables at these places; they do not overlap, nothing borrows from
        // them, and they are read by C alone, not before this has ended.
        unsafe {
            unpack_rows(
                from_raw_parts(actions[0] as *const i32, actions[1] as usize),
                from_raw_parts(gotos[0] as *const i16, gotos[1] as usize),
                from_raw_parts_mut(columns[0] as *mut i16, columns[1] as usize),
                from_raw_parts_mut(values[0] as *mut i16, values[1] as usize),
            );
            unpack_transitions(from_raw_parts_mut(transitions[0] as *mut _, transitions[1] as usize));
        }
    }
}
#[cfg(target_arch = "wasm32")]
pub use module::unpack;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_laid_into_each_other_again() {
        // Two rows of actions, the first of two states, one without columns, and one of gotos.
        let (actions, gotos) = ([1, -3, 1, -32_000], [0]);
        let values = [-9, 7, 8, -2, 0, 5, 0, 0, 0, 0];
        let columns = [3, 0, 1, 6, -1, 5, -1, -1, -1, -1];
        let [gaps, packed] = pack_rows(&actions, &gotos, &columns, &values).unwrap_or_default();
        assert_eq!(gaps, [0, 0, -1, 3, 2, -1, -1, 5, -1, 0]);
        assert_eq!(packed, [7, 8, -9, -2, 5, 0, 0, 0, 0, 0]);
        let strange = [3, 0, 1, 6, -1, 3, -1, -1, -1, -1];
        assert_eq!(pack_rows(&actions, &gotos, &strange, &values), None, "a column of no row");
    }

    #[test]
    fn rows_without_room_for_their_ends_are_left() {
        assert_eq!(pack_rows(&[0, 1], &[], &[0, 0], &[1, 2]), None);
    }

    #[test]
    fn transitions_name_their_target() {
        let transitions = [[0, 0], [0, 3], [1, -1], [0, 0], [97, 300]];
        let packed = pack_transitions(&transitions).unwrap_or_default();
        assert_ne!(packed, transitions);
        let mut again = packed;
        unpack_transitions(&mut again);
        assert_eq!(again, transitions);
        assert_eq!(pack_transitions(&[[0, 0], [1, 0], [0, -2]]), None, "a target that looks like no transition");
    }
}
