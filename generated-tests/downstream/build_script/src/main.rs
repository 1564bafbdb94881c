//! Prints the texts of a board of notes: `build_script FILE`.

use std::error::Error;
use std::fs::File;
use std::io::BufReader;

use vmspec_runtime::binrw::{self, BinRead, BinWrite};

include!(concat!(env!("OUT_DIR"), "/note.rs"));

/// Notes, and how many.
#[derive(BinRead, BinWrite, Debug, PartialEq, Eq)]
#[brw(little)]
struct Board {
    count: u32,
    #[br(count = count)]
    notes: Vec<note::Note>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: build_script FILE")?;
    for note in Board::read(&mut BufReader::new(File::open(path)?))?.notes {
        println!("{}", note.text);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    const BYTES: &[u8] = b"\x01\0\0\0NOTE\x01\x020123456789abcdef\x05hello";

    #[test]
    fn notes_nest_in_a_board() -> Result<(), Box<dyn Error>> {
        let board = Board::read(&mut Cursor::new(BYTES))?;
        let [note] = board.notes.as_slice() else { return Err("one note".into()) };
        assert_eq!((note.head.kind, note.text.as_str()), (note::Kind::VeryLoud, "hello"));
        let mut written = Cursor::new(Vec::new());
        board.write(&mut written)?;
        assert_eq!(written.into_inner(), BYTES);
        Ok(())
    }

    #[test]
    fn every_type_can_be_serialized() {
        fn serialized<T: serde::Serialize + Eq>() {}
        serialized::<note::Note>();
        serialized::<note::Head>();
        serialized::<note::Kind>();
        serialized::<note::Marks>();
    }
}
