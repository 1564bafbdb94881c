//! Entries that have something wrong in them, with a checksum that is right: each rule of an entry is broken alone.

use super::{Case, Random};
use crate::vhdx::entry::{Change, Draft};

/// A part of an entry: an offset in it, and what is put there.
type Patch = (u64, Vec<u8>);

impl Case {
    /// Writes an entry with one thing wrong, or with something unusual that is not wrong, and gives the offset behind it.
    pub(super) fn put_faulty(&mut self, mut draft: Draft, start: u64) -> u64 {
        let torn = self.random.percent(15);
        let patch = if self.random.percent(40) { in_header(&mut self.random, &draft) } else { self.in_lists(&draft) };
        if !torn {
            self.note(format!("the next one has {patch:x?}"));
            draft.patches.push(patch);
        }
        let mut bytes = draft.bytes();
        if torn {
            let sectors = bytes.len() / 4096;
            let kept = usize::try_from(self.random.below(sectors as u64)).unwrap();
            self.note(format!("only {kept} sectors of the next one"));
            bytes.truncate(kept * 4096);
            let length = draft.length();
            self.put_bytes(draft, start, &bytes);
            self.next = super::after(start, length);
            return self.next;
        }
        if self.random.percent(12) {
            let at = usize::try_from(self.random.below(bytes.len() as u64)).unwrap();
            bytes[at] ^= 1 << self.random.below(8);
            self.note(format!("and a bit changed at {at:#x}"));
        }
        self.put_bytes(draft, start, &bytes)
    }

    /// What is wrong in the descriptors or in the data sectors.
    fn in_lists(&mut self, draft: &Draft) -> Patch {
        let Some(index) = (draft.changes.len() as u64).checked_sub(1) else {
            return in_header(&mut self.random, draft);
        };
        let index = self.random.below(index + 1);
        let at = 64 + 32 * index;
        let change = draft.changes[usize::try_from(index).unwrap()];
        match (self.random.below(8), change) {
            (0, _) => (at, self.random.pick(&[*b"zero", *b"desc", *b"data", *b"Desc", [0; 4]]).to_vec()),
            (1, _) => (at + 24, (draft.sequence ^ 1 << self.random.below(64)).to_le_bytes().to_vec()),
            (2, _) => (at + 16, self.random.pick(&[0_u64, 8192, 1, (200 << 10) + 1]).to_le_bytes().to_vec()),
            (3, Change::Zeros(..)) => (at + 8, self.random.pick(&[1_u64, 4095, 512]).to_le_bytes().to_vec()),
            (4, Change::Zeros(..)) => (at + 4, vec![0xff; 4]),
            _ => self.in_sectors(draft),
        }
    }

    fn in_sectors(&mut self, draft: &Draft) -> Patch {
        let sectors = (draft.length() - draft.descriptor_bytes()) / 4096;
        if sectors == 0 {
            // Bytes behind the descriptors, which no rule is about.
            return (draft.descriptor_bytes() - 5, vec![0x77; 4]);
        }
        let at = draft.descriptor_bytes() + self.random.below(sectors) * 4096;
        let number = draft.sequence ^ 1 << self.random.below(64);
        match self.random.below(4) {
            0 => (at, self.random.pick(&[*b"loge", *b"desc", *b"Data", [0; 4]]).to_vec()),
            1 => (at + 4, number.to_le_bytes()[4..].to_vec()),
            2 => (at + 4092, number.to_le_bytes()[..4].to_vec()),
            _ => (at + 8, vec![0x77; 16]),
        }
    }
}

fn in_header(random: &mut Random, draft: &Draft) -> Patch {
    let length = u32::try_from(draft.length()).unwrap();
    let count = u32::try_from(draft.changes.len()).unwrap();
    let word = |at: u64, word: u32| (at, word.to_le_bytes().to_vec());
    match random.below(9) {
        0 => (0, random.pick(&[*b"Loge", *b"data", *b"head", [0; 4]]).to_vec()),
        1 => word(8, random.pick(&[0, 1, 4095, length + 4096, length - 4096, length + 512])),
        2 => word(8, random.pick(&[1 << 20, (1 << 20) + 4096, 0xffff_f000, u32::MAX, 1 << 31])),
        3 => word(12, random.pick(&[1, 0x800, 1 << 20, 0xffff_f000, u32::MAX])),
        4 => (16, random.pick(&[0, draft.sequence.wrapping_add(1), draft.sequence ^ 1 << 63]).to_le_bytes().to_vec()),
        5 => word(24, random.pick(&[count + 1, count.saturating_sub(1), 0, u32::MAX, 1 << 27, count + 126])),
        6 => word(28, 0xffff_ffff),
        7 => (32 + random.below(16), vec![0xee]),
        _ => (48 + random.below(16), vec![random.pick(&[1, 0x80])]),
    }
}
