//! A WebAssembly module as far as it is needed to change what its memory holds at the start
//! (<https://webassembly.github.io/spec/core/binary/modules.html>).

use anyhow::{Context, Result, bail, ensure};

const HEADER: &[u8] = b"\0asm\x01\0\0\0";
const DATA: u8 = 11;
const DATA_COUNT: u8 = 12;
/// So many zeros between data weigh more than the head of another segment.
const GAP: usize = 16;

/// A module that is read, changed and written.
pub(super) struct Module {
    /// Number and content, in order.
    sections: Vec<(u8, Vec<u8>)>,
    /// What its memory begins with.
    pub(super) memory: Vec<u8>,
}

impl Module {
    pub(super) fn read(bytes: &[u8]) -> Result<Self> {
        let mut rest = bytes.strip_prefix(HEADER).context("this is no WebAssembly module")?;
        let mut module = Module { sections: Vec::new(), memory: Vec::new() };
        while let [id, after @ ..] = rest {
            rest = after;
            let size = number(&mut rest)?;
            let content = take(&mut rest, size)?;
            if *id == DATA {
                module.fill_memory(content)?;
            }
            module.sections.push((*id, content.to_vec()));
        }
        Ok(module)
    }

    fn fill_memory(&mut self, mut rest: &[u8]) -> Result<()> {
        for _ in 0..number(&mut rest)? {
            // Into the first memory, at a constant.
            let [0, 0x41, after @ ..] = rest else { bail!("a segment of data that is not copied at the start") };
            rest = after;
            let start = number(&mut rest)?;
            ensure!(take(&mut rest, 1)? == [0x0b], "a segment of data whose place is computed");
            let size = number(&mut rest)?;
            let bytes = take(&mut rest, size)?;
            if self.memory.len() < start + size {
                self.memory.resize(start + size, 0);
            }
            self.memory[start..start + size].copy_from_slice(bytes);
        }
        Ok(())
    }

    /// Where these bytes stand, if they stand in one place.
    pub(super) fn find(&self, bytes: &[u8]) -> Option<usize> {
        // In front of all data is the stack.
        let start = self.memory.iter().position(|it| *it != 0)?;
        let mut found = self.memory[start..].windows(bytes.len()).zip(start..).filter(|it| it.0 == bytes);
        found.next().filter(|_| found.next().is_none()).map(|it| it.1)
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let segments = segments(&self.memory);
        let mut bytes = HEADER.to_vec();
        for (id, content) in &self.sections {
            let mut changed = Vec::new();
            match *id {
                DATA => {
                    put(&mut changed, segments.len());
                    for (start, data) in &segments {
                        changed.extend([0, 0x41]);
                        put_signed(&mut changed, *start);
                        changed.push(0x0b);
                        put(&mut changed, data.len());
                        changed.extend(*data);
                    }
                }
                DATA_COUNT => put(&mut changed, segments.len()),
                _ => changed.extend(content),
            }
            bytes.push(*id);
            put(&mut bytes, changed.len());
            bytes.extend(changed);
        }
        bytes
    }
}

/// What of the memory is not zero, with its place.
fn segments(memory: &[u8]) -> Vec<(usize, &[u8])> {
    let mut segments = Vec::new();
    let mut at = 0;
    while let Some(zeros) = memory[at..].iter().position(|it| *it != 0) {
        let start = at + zeros;
        let mut end = start;
        while let Some(next) = memory[end..].iter().take(GAP).position(|it| *it != 0) {
            end += next + 1;
        }
        segments.push((start, &memory[start..end]));
        at = end;
    }
    segments
}

/// An unsigned number in LEB128; a place too, whose sign is a last bit that is 0.
fn number(rest: &mut &[u8]) -> Result<usize> {
    let mut number = 0;
    for shift in (0..35).step_by(7) {
        let byte = take(rest, 1)?[0];
        number |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    bail!("a number of more than 32 bits")
}

fn take<'a>(rest: &mut &'a [u8], size: usize) -> Result<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(size).context("the module ends too early")?;
    *rest = after;
    Ok(taken)
}

fn put(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// As [`put`], with a bit for the sign.
fn put_signed(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x40 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module with these segments, between two sections that mean nothing.
    fn module(segments: &[(usize, &[u8])]) -> Vec<u8> {
        let mut data = vec![segments.len() as u8];
        for (start, bytes) in segments {
            data.extend([0, 0x41]);
            put_signed(&mut data, *start);
            data.extend([0x0b, bytes.len() as u8]);
            data.extend(*bytes);
        }
        let mut module = [HEADER, &[0, 3, 1, b'a', 7, DATA_COUNT, 1, segments.len() as u8, DATA]].concat();
        put(&mut module, data.len());
        module.extend(data);
        module.extend([0, 2, 1, b'b']);
        module
    }

    #[test]
    fn a_module_stays_what_it_is() {
        let bytes = module(&[(70, b"data"), (8_388_608, b"more\0\0\0data")]);
        let read = Module::read(&bytes).unwrap();
        assert_eq!(read.find(b"more"), Some(8_388_608));
        assert_eq!(read.find(b"data"), None, "in two places");
        assert!(read.write() == bytes);
    }

    #[test]
    fn zeros_are_left_out() {
        let mut read = Module::read(&module(&[(64, &[1; 40])])).unwrap();
        read.memory[70..95].fill(0);
        assert!(read.write() == module(&[(64, &[1; 6]), (95, &[1; 9])]));
    }

    #[test]
    fn what_is_no_module_is_refused() {
        let bytes = module(&[(64, b"data")]);
        assert!(Module::read(b"data").is_err());
        assert!(Module::read(&bytes[..bytes.len() - 1]).is_err(), "cut off");
        let passive = [HEADER, &[DATA, 4, 1, 1, 1, b'x']].concat();
        assert!(Module::read(&passive).is_err(), "data without a place");
    }
}
