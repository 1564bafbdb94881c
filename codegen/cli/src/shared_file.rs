//! One file with several readers, each with a position of its own. A file without a name cannot be opened a second time.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

/// A reader of a file that has others.
#[derive(Clone, Debug)]
pub struct SharedFile {
    file: Rc<File>,
    position: u64,
}

impl SharedFile {
    /// The first reader, at the start.
    pub fn new(file: File) -> Self {
        Self { file: Rc::new(file), position: 0 }
    }

    /// One more, at an offset.
    pub fn at(&self, offset: u64) -> Self {
        Self { file: Rc::clone(&self.file), position: offset }
    }
}

impl Read for SharedFile {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let mut file = &*self.file;
        file.seek(SeekFrom::Start(self.position))?;
        let got = file.read(to)?;
        self.position = self.position.saturating_add(u64::try_from(got).unwrap_or(u64::MAX));
        Ok(got)
    }
}

impl Seek for SharedFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let mut file = &*self.file;
        file.seek(SeekFrom::Start(self.position))?;
        self.position = file.seek(to)?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::SharedFile;
    use std::io::{self, Read, Seek, SeekFrom, Write};

    #[test]
    fn no_reader_moves_another() -> io::Result<()> {
        let mut file = tempfile::tempfile()?;
        file.write_all(b"abcdef")?;
        let mut first = SharedFile::new(file);
        let mut second = first.at(4);
        let (mut a, mut b) = ([0; 2], [0; 2]);
        first.read_exact(&mut a)?;
        second.read_exact(&mut b)?;
        assert_eq!((&a, &b), (b"ab", b"ef"));
        assert_eq!((first.seek(SeekFrom::Current(1))?, second.seek(SeekFrom::End(-5))?), (3, 1));
        first.read_exact(&mut a)?;
        second.read_exact(&mut b)?;
        assert_eq!((&a, &b), (b"de", b"bc"));
        Ok(())
    }
}
