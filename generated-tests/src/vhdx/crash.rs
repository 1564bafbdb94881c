//! A storage that fails, and what a crash may leave of it: what was flushed is there, of what came later any part may be.

use vmspec_runtime::journal::{Storage, StorageMut};
use vmspec_runtime::{Error, Result};

use super::{SECTOR, Sparse};

/// A write is torn at multiples of this many bytes.
const TEAR: usize = 512;

/// Where a write of so many bytes is torn: everywhere near its ends; in the middle of a long one less often, and at every
/// place there is in a sector.
fn tears(length: usize) -> impl Iterator<Item = usize> {
    const NEAR: usize = 16 * TEAR;
    let ends = (TEAR..length).step_by(TEAR);
    ends.filter(move |end| *end <= NEAR || *end + NEAR >= length || end.is_multiple_of(15 * TEAR))
}

/// Something that was asked of a storage since it was last flushed.
#[derive(Clone, Debug)]
enum Step {
    Write(u64, Vec<u8>),
    Zeros(u64, u64),
    Length(u64),
}

impl Step {
    fn apply(&self, file: &mut Sparse) {
        match self {
            Self::Write(at, bytes) => file.put(*at, bytes),
            Self::Zeros(at, n) => file.clear(*at..at + n),
            Self::Length(n) => file.resize(*n),
        }
    }

    /// Its first and its last bytes alone, for each place where it may be torn.
    fn torn(&self) -> Vec<Self> {
        match self {
            Self::Length(_) => Vec::new(),
            Self::Write(at, bytes) => tears(bytes.len())
                .map(|end| bytes.split_at(end))
                .flat_map(|(first, last)| [(*at, first), (at + first.len() as u64, last)])
                .map(|(at, part)| Self::Write(at, part.to_vec()))
                .collect(),
            Self::Zeros(at, n) => (SECTOR..*n)
                .step_by(SECTOR as usize)
                .flat_map(|end| [Self::Zeros(*at, end), Self::Zeros(at + end, n - end)])
                .collect(),
        }
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
    off: bool,
}

impl Failing {
    /// A storage that does so many things and then fails; one that never fails for none.
    #[must_use]
    pub fn new(file: Sparse, left: Option<usize>) -> Self {
        Self { flushed: file.clone(), now: file, unflushed: Vec::new(), left, done: 0, off: false }
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

    /// Everything that a crash may leave, given to `see`; how many files that were: nothing and all of what was not
    /// flushed, all but one, one alone, and all with the last one torn anywhere.
    pub fn crash(&self, mut see: impl FnMut(&Sparse)) -> usize {
        let count = self.unflushed.len();
        let whole: Vec<&Step> = self.unflushed.iter().collect();
        let mut kept: Vec<Vec<&Step>> = vec![Vec::new(), whole.clone()];
        if count > 1 {
            kept.extend((0..count).map(|index| vec![whole[index]]));
            kept.extend((0..count).map(|lost| [&whole[..lost], &whole[lost + 1..]].concat()));
        }
        let torn = whole.last().map_or(Vec::new(), |last| last.torn());
        kept.extend(torn.iter().map(|part| whole[..count - 1].iter().copied().chain([part]).collect()));
        for steps in &kept {
            let mut file = self.flushed.clone();
            for step in steps {
                step.apply(&mut file);
            }
            see(&file);
        }
        kept.len()
    }

    /// Does a thing. One that fails may still have been done, in whole or in part.
    fn take(&mut self, step: Option<Step>) -> Result<()> {
        if self.off {
            return Err(broken());
        }
        if let Some(step) = step {
            step.apply(&mut self.now);
            self.unflushed.push(step);
        }
        if self.left == Some(0) {
            self.off = true;
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
        if self.off { Err(broken()) } else { self.now.read_at(offset, to) }
    }
}

impl StorageMut for Failing {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()> {
        self.take(Some(Step::Write(offset, bytes.to_vec())))
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
        let mut left = Vec::new();
        let count = storage.crash(|file| left.push(file.read(0, 3)));
        assert_eq!((count, left), (2, vec![b"one".to_vec(), b"two".to_vec()]));
    }

    #[test]
    fn any_part_of_what_was_not_flushed_may_be_lost() {
        let mut storage = Failing::new(Sparse::zeros(0), None);
        storage.write_at(0, &[1; 4]).unwrap();
        storage.set_len(600).unwrap();
        storage.write_at(4, &[2; 1025]).unwrap();
        assert_eq!((storage.done(), storage.now().length()), (3, 1029));
        let mut left = Vec::new();
        assert_eq!(storage.crash(|file| left.push((file.length(), file.read(0, 5)[4], file.read(1028, 1)[0]))), 12);
        let (all, none) = ((1029, 2, 2), (0, 0, 0));
        let alone = [(4, 0, 0), (600, 0, 0), all];
        let without = [all, all, (600, 0, 0)];
        let torn = [(600, 2, 0), (1029, 0, 2), (1028, 2, 0), (1029, 0, 2)];
        assert_eq!(left, [&[none, all][..], &alone, &without, &torn].concat());
    }
}
