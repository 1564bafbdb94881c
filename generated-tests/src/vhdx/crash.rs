//! A storage that fails, and what a crash may leave of it: what was flushed is there, of what came later any part may be.

use std::ops::Range;
use std::sync::Arc;

use vmspec_runtime::journal::{Storage, StorageMut};
use vmspec_runtime::{Error, Result};

use super::Sparse;

/// A write is torn at every multiple of this many bytes.
const TEAR: usize = 512;

/// Something that was asked of a storage since it was last flushed.
#[derive(Clone, Debug)]
enum Step {
    /// A part of the bytes, which goes to this offset.
    Write(u64, Arc<[u8]>, Range<usize>),
    Zeros(u64, u64),
    Length(u64),
}

impl Step {
    fn apply(&self, file: &mut Sparse) {
        match self {
            Self::Write(at, bytes, part) => file.put(*at, &bytes[part.clone()]),
            Self::Zeros(at, n) => file.clear(*at..at + n),
            Self::Length(n) => file.resize(*n),
        }
    }

    /// How many bytes it may be torn in.
    fn length(&self) -> u64 {
        match self {
            Self::Write(_, _, part) => part.len() as u64,
            Self::Zeros(_, n) => *n,
            Self::Length(_) => 0,
        }
    }

    /// What it does to some of its bytes.
    fn part(&self, range: Range<u64>) -> Self {
        match self {
            Self::Write(at, bytes, _) => {
                Self::Write(at + range.start, bytes.clone(), range.start as usize..range.end as usize)
            }
            Self::Zeros(at, _) => Self::Zeros(at + range.start, range.end - range.start),
            Self::Length(n) => Self::Length(*n),
        }
    }

    /// Its first and its last bytes alone, for each place where it may be torn.
    fn torn(&self) -> impl Iterator<Item = Self> {
        let length = self.length();
        let places = (TEAR as u64..length).step_by(TEAR);
        places.flat_map(move |end| [self.part(0..end), self.part(end..length)])
    }
}

/// What a crash may leave of a storage.
#[derive(Clone, Debug)]
pub struct Left {
    /// What is there as a whole. Crashes at the same write share it.
    whole: Arc<Sparse>,
    /// And what is there of one more write.
    part: Option<Step>,
}

impl Left {
    /// Whether the write that failed was done in part.
    #[must_use]
    pub const fn is_torn(&self) -> bool {
        self.part.is_some()
    }

    /// The bytes.
    #[must_use]
    pub fn file(&self) -> Sparse {
        let mut file = Sparse::clone(&self.whole);
        if let Some(part) = &self.part {
            part.apply(&mut file);
        }
        file
    }
}

/// A storage that does everything it is asked, up to a certain write, zeroing, change of length or flush. That one fails,
/// and so does all that comes after it.
#[derive(Clone, Debug)]
pub struct Failing {
    flushed: Sparse,
    now: Sparse,
    unflushed: Vec<Step>,
    /// How many things it still does; without it any number.
    left: Option<usize>,
    done: usize,
    off: Option<Off>,
}

/// What it was that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Off {
    Write,
    Flush,
}

impl Failing {
    /// A storage that does so many things and then fails; one that never fails for none.
    #[must_use]
    pub fn new(file: Sparse, left: Option<usize>) -> Self {
        Self { flushed: file.clone(), now: file, unflushed: Vec::new(), left, done: 0, off: None }
    }

    /// The bytes as whoever wrote them sees them.
    #[must_use]
    pub const fn now(&self) -> &Sparse {
        &self.now
    }

    /// How many things it did.
    #[must_use]
    pub const fn done(&self) -> usize {
        self.done
    }

    /// What a crash at the thing that failed may leave, and one before it could not: all of what was not flushed, all but one,
    /// the last one alone, nothing where it is the first, and all with the last one torn anywhere. A crash in a flush leaves
    /// what one at the write before it did; all of that is given once more.
    #[must_use]
    pub fn crash(&self) -> Vec<Left> {
        let mut kept: Vec<Left> = match (self.off, self.unflushed.split_last()) {
            (Some(Off::Write), Some((last, before))) => self.without_one(last, before).collect(),
            _ => Vec::new(),
        };
        kept.push(Left { whole: Arc::new(self.now.clone()), part: None });
        kept
    }

    /// The last step in part, and one of the others or the last one not at all.
    fn without_one<'a>(&'a self, last: &'a Step, before: &'a [Step]) -> impl Iterator<Item = Left> {
        let others = (0..before.len())
            .map(move |index| self.with(before[..index].iter().chain(&before[index + 1..]).chain([last])));
        let nothing = before.is_empty().then(|| self.with([]));
        // Of two steps, the last one alone is all but the first.
        let alone = (before.len() > 1).then(|| self.with([last]));
        let whole = Arc::new(self.with(before).file());
        let torn = last.torn().map(move |part| Left { whole: whole.clone(), part: Some(part) });
        others.chain(nothing).chain(alone).chain(torn)
    }

    /// What was flushed, and these steps.
    fn with<'a>(&self, steps: impl IntoIterator<Item = &'a Step>) -> Left {
        let mut file = self.flushed.clone();
        steps.into_iter().for_each(|step| step.apply(&mut file));
        Left { whole: Arc::new(file), part: None }
    }

    /// Does a thing. One that fails may still have been done, in whole or in part.
    fn take(&mut self, step: Option<Step>) -> Result<()> {
        if self.off.is_some() {
            return Err(broken());
        }
        let off = if step.is_some() { Off::Write } else { Off::Flush };
        if let Some(step) = step {
            step.apply(&mut self.now);
            self.unflushed.push(step);
        }
        if self.left == Some(0) {
            self.off = Some(off);
            return Err(broken());
        }
        self.left = self.left.map(|left| left - 1);
        self.done += 1;
        Ok(())
    }
}

fn broken() -> Error {
    Error::io(0, std::io::Error::other("the power is off"))
}

impl Storage for Failing {
    fn len(&mut self) -> Result<u64> {
        self.now.len()
    }

    fn read_at(&mut self, offset: u64, to: &mut [u8]) -> Result<()> {
        if self.off.is_some() { Err(broken()) } else { self.now.read_at(offset, to) }
    }
}

impl StorageMut for Failing {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()> {
        self.take(Some(Step::Write(offset, bytes.into(), 0..bytes.len())))
    }

    fn set_len(&mut self, length: u64) -> Result<()> {
        self.take(Some(Step::Length(length)))
    }

    fn flush(&mut self) -> Result<()> {
        self.take(None)?;
        self.unflushed.clear();
        self.flushed = self.now.clone();
        Ok(())
    }

    fn write_zeros(&mut self, offset: u64, n: u64) -> Result<()> {
        self.take(Some(Step::Zeros(offset, n)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_fails_once_and_for_all() {
        let mut storage = Failing::new(Sparse::zeros(5000), Some(2));
        assert!(storage.write_at(0, b"one").is_ok() && storage.flush().is_ok());
        assert!(storage.write_at(0, b"two").is_err());
        assert!(storage.flush().is_err() && storage.read_at(0, &mut [0]).is_err());
        let left: Vec<_> = storage.crash().iter().map(|left| left.file().read(0, 3)).collect();
        assert_eq!(left, [b"one", b"two"]);
    }

    /// The length, and two bytes, of what a crash leaves at one of three steps that are not flushed, or at their flush.
    fn left(cut: usize) -> Vec<(u64, u8, u8)> {
        let mut storage = Failing::new(Sparse::zeros(0), Some(cut));
        let mut steps = || {
            storage.write_at(0, &[1; 4])?;
            storage.set_len(600)?;
            storage.write_at(4, &[2; 1025])?;
            storage.flush()
        };
        assert!(steps().is_err());
        let files = storage.crash().into_iter().map(|left| left.file());
        files.map(|file| (file.length(), file.read(0, 5)[4].max(file.read(0, 1)[0]), file.read(1028, 1)[0])).collect()
    }

    #[test]
    fn any_part_of_what_was_not_flushed_may_be_lost() {
        assert_eq!(left(0), [(0, 0, 0), (4, 1, 0)], "nothing, and the first write");
        assert_eq!(left(1), [(600, 0, 0), (600, 1, 0)], "the length alone, and both");
        let (lost, alone) = ([(1029, 2, 2), (1029, 2, 2)], (1029, 2, 2));
        let torn = [(600, 2, 0), (1029, 1, 2), (1028, 2, 0), (1029, 1, 2)];
        assert_eq!(left(2), [&lost[..], &[alone], &torn, &[(1029, 2, 2)]].concat());
        assert_eq!(left(3), [(1029, 2, 2)], "a flush leaves what the write before it did");
    }
}
