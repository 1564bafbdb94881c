//! Several files one behind the other, so that payload can be copied from any of them.

use std::fs::File;
use std::io;
use std::path::Path;

use vmspec_codegen::interpret::{Bytes, FileBytes};

/// A file, and others that are placed behind it.
pub struct Joined {
    /// Each with the offset of its first byte.
    files: Vec<(u64, FileBytes)>,
    size: u64,
}

impl Joined {
    /// The first file, whose offsets stay as they are.
    pub fn new(first: FileBytes) -> Self {
        let size = first.size();
        Self { files: vec![(0, first)], size }
    }

    /// Places a file behind the others. Gives its offset and its length.
    pub fn add(&mut self, path: &Path) -> io::Result<(u64, u64)> {
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let bytes = FileBytes::new(file)?;
        let (at, len) = (self.size, bytes.size());
        self.size = at.checked_add(len).ok_or(io::ErrorKind::FileTooLarge)?;
        self.files.push((at, bytes));
        Ok((at, len))
    }

    /// How many bytes the first file has.
    pub fn first_size(&self) -> u64 {
        self.files.first().map_or(0, |(_, bytes)| bytes.size())
    }
}

impl Bytes for Joined {
    fn size(&self) -> u64 {
        self.size
    }

    /// A range lies in one file: values are not taken from two.
    fn read_at(&self, at: u64, to: &mut [u8]) -> io::Result<()> {
        let found = self.files.iter().rev().find(|(start, _)| *start <= at);
        let (start, bytes) = found.ok_or(io::ErrorKind::UnexpectedEof)?;
        bytes.read_at(at.saturating_sub(*start), to)
    }
}

#[cfg(test)]
mod tests {
    use super::Joined;
    use std::fs::File;
    use std::io::Write;
    use vmspec_codegen::interpret::{Bytes, FileBytes};

    fn file(bytes: &[u8]) -> std::io::Result<tempfile::NamedTempFile> {
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(bytes)?;
        Ok(file)
    }

    #[test]
    fn files_lie_behind_each_other() -> std::io::Result<()> {
        let (first, empty, second) = (file(b"abc")?, file(b"")?, file(b"defg")?);
        let mut joined = Joined::new(FileBytes::new(File::open(first.path())?)?);
        assert_eq!(joined.add(empty.path())?, (3, 0));
        assert_eq!(joined.add(second.path())?, (3, 4));
        let read = |at, n: usize| {
            let mut to = vec![0; n];
            joined.read_at(at, &mut to).map(|()| to)
        };
        assert_eq!((joined.size(), joined.first_size()), (7, 3));
        assert_eq!((read(1, 2)?, read(4, 3)?, read(3, 0)?), (b"bc".to_vec(), b"efg".to_vec(), vec![]));
        assert!(read(1, 3).is_err() && read(6, 2).is_err());
        Ok(())
    }
}
