//! What becomes of pages.

use super::PAGE;

/// Something that takes them.
pub trait Sink {
    /// How many bytes of a page it wants, from the first on.
    const WANTS: usize;
    /// A block starts.
    fn block(&mut self, name: &[u8]);
    /// What it wants of a page with something in it, or more of that.
    fn page(&mut self, address: u64, page: &[u8]);
    /// The place for such a page, where there is one: it may be read into that.
    fn place(&mut self, _address: u64) -> Option<&mut [u8; PAGE]> {
        None
    }
    /// A page of one byte over and over.
    fn fill(&mut self, address: u64, fill: u8);
    /// The digest of all that came since it was asked for last.
    fn digest(&mut self) -> u64;

    /// The digest of what a walk gives.
    fn digest_of(&mut self, walk: impl FnOnce(&mut Self)) -> u64 {
        walk(self);
        self.digest()
    }
}

/// Takes the addresses, and a word of each page.
#[derive(Default)]
pub struct Index(u64);

impl Sink for Index {
    const WANTS: usize = 72;

    #[inline]
    fn block(&mut self, name: &[u8]) {
        self.0 = self.0.wrapping_add(name.len() as u64 + u64::from(name[0]));
    }

    #[inline]
    fn page(&mut self, address: u64, page: &[u8]) {
        let word = u64::from_be_bytes(page.as_chunks().0[8]);
        self.0 = self.0.wrapping_add(address).wrapping_add(word);
    }

    #[inline]
    fn fill(&mut self, address: u64, fill: u8) {
        self.0 = self.0.wrapping_add(address ^ 1).wrapping_add(fill.into());
    }

    fn digest(&mut self) -> u64 {
        std::mem::take(&mut self.0)
    }
}

/// Puts pages where they were; the digest is of their addresses, and of a page.
pub struct Restore {
    ram: Vec<u8>,
    digest: u64,
}

impl Restore {
    /// Of a guest with so much memory.
    pub fn new(ram: usize) -> Self {
        Self { ram: vec![1; ram], digest: 0 }
    }

    #[inline]
    fn at(&mut self, address: u64) -> &mut [u8; PAGE] {
        let at = usize::try_from(address).unwrap() % self.ram.len();
        self.ram[at..].first_chunk_mut().unwrap()
    }
}

impl Sink for Restore {
    const WANTS: usize = PAGE;

    #[inline]
    fn block(&mut self, _: &[u8]) {}

    #[inline]
    fn page(&mut self, address: u64, page: &[u8]) {
        self.digest = self.digest.wrapping_add(address);
        *self.at(address) = *page.first_chunk().unwrap();
    }

    #[inline]
    fn place(&mut self, address: u64) -> Option<&mut [u8; PAGE]> {
        self.digest = self.digest.wrapping_add(address);
        Some(self.at(address))
    }

    #[inline]
    fn fill(&mut self, address: u64, fill: u8) {
        self.digest = self.digest.wrapping_add(address ^ 1).wrapping_add(fill.into());
        self.at(address).fill(fill);
    }

    fn digest(&mut self) -> u64 {
        let pages = self.ram.iter().step_by(PAGE + 1).fold(0_u64, |sum, it| sum.wrapping_add((*it).into()));
        std::mem::take(&mut self.digest).wrapping_add(pages)
    }
}
