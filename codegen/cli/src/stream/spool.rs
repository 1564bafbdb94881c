//! What is unpacked, in a file without a name. However much is packed, there is no more of it in memory than a piece.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};

use vmspec::runtime::Found;
use vmspec::stream::{FIELD, Packing};
use vmspec::{Class, Error};

use super::Unpacking;
use crate::refusal::Refusal;

/// How much is copied at a time. So many zeros become a hole.
const STEP: usize = 64 << 10;

/// Why unpacking stopped.
#[derive(Debug)]
pub enum Stopped {
    /// It cannot be unpacked, or read.
    Unreadable(io::Error),
    /// It cannot be written.
    Unwritten(io::Error),
    /// There is more of it than this.
    Limit(u64),
}

/// Copies all of it.
pub fn spool(from: &mut dyn Read, unpacking: Unpacking) -> Result<File, Stopped> {
    let mut file = tempfile::tempfile().map_err(Stopped::Unwritten)?;
    let (mut piece, mut length) = (vec![0; STEP], 0_u64);
    loop {
        let got = fill(from, &mut piece).map_err(Stopped::Unreadable)?;
        let Some(got) = piece.get(..got).filter(|got| !got.is_empty()) else { break };
        length = length.saturating_add(u64::try_from(got.len()).unwrap_or(u64::MAX));
        if length > unpacking.max_unpacked {
            return Err(Stopped::Limit(unpacking.max_unpacked));
        }
        put(&mut file, got, length).map_err(Stopped::Unwritten)?;
    }
    file.set_len(length).and_then(|()| file.rewind()).map_err(Stopped::Unwritten)?;
    Ok(file)
}

/// Reads until the piece is full or nothing is left.
fn fill(from: &mut dyn Read, piece: &mut [u8]) -> io::Result<usize> {
    let mut done = 0_usize;
    while let Some(rest) = piece.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match from.read(rest) {
            Ok(0) => break,
            Ok(n) => done = done.saturating_add(n),
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(done)
}

/// Writes a piece that ends at this length.
fn put(file: &mut File, piece: &[u8], end: u64) -> io::Result<()> {
    if piece.iter().all(|byte| *byte == 0) {
        return file.seek(SeekFrom::Start(end)).map(|_| ());
    }
    file.write_all(piece)
}

impl Stopped {
    /// What people are told of a stream that is packed from this offset of its file on.
    pub fn refusal(self, packing: Packing, offset: u64) -> Refusal {
        let program = packing.program();
        match self {
            // What the system says has a number; what is wrong with the bytes has none.
            Self::Unreadable(e) if e.raw_os_error().is_some() => e.into(),
            Self::Unreadable(e) => {
                let early = e.kind() == ErrorKind::UnexpectedEof;
                let class = if early { Class::Truncated } else { Class::Invalid };
                let expected = format!("a stream that {program} unpacks ({e})");
                Error::new(class, expected, Found::Nothing).located(offset).field(FIELD, 0).into()
            }
            Self::Unwritten(e) => {
                let kept = std::env::temp_dir();
                Refusal::Elsewhere(kept, io::Error::other(format!("what {program} packed cannot be kept there: {e}")))
            }
            Self::Limit(most) => {
                let expected =
                    format!("no more than {most} bytes of what {program} packed; --max-unpacked allows more");
                Error::limit(expected, Found::Nothing).located(offset).field(FIELD, 0).into()
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails where it is wrong")]
mod tests {
    use super::{STEP, Stopped, Unpacking, spool};
    use std::io::{self, Read};

    #[test]
    fn all_of_it_is_kept_and_zeros_are_zeros() {
        let all = [vec![7; STEP + 1], vec![0; 3 * STEP], vec![8; 5], vec![0; 2 * STEP]].concat();
        let mut kept = Vec::new();
        let limit = Unpacking { max_unpacked: u64::try_from(all.len()).unwrap() };
        spool(&mut all.as_slice(), limit).unwrap().read_to_end(&mut kept).unwrap();
        assert!(kept == all);
    }

    #[test]
    fn there_is_an_end_to_it() {
        let stopped = spool(&mut io::repeat(0), Unpacking { max_unpacked: 1 << 30 }).unwrap_err();
        assert!(matches!(stopped, Stopped::Limit(most) if most == 1 << 30));
        assert!(matches!(spool(&mut &b"abc"[..], Unpacking { max_unpacked: 2 }), Err(Stopped::Limit(2))));
    }
}
