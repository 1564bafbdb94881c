//! Disks whose sectors have 4096 bytes for the guest, as no program at hand makes them. They are so large that three
//! bitmaps would be needed, whose entries lie between those of the blocks. Few blocks are in the file.

use super::Sparse;
use super::image::{Geometry, Header, put_metadata, region_table};
use super::oracle::HEADERS;

const MIB: u64 = 1 << 20;
/// The bytes of a sector.
pub const SECTOR_SIZE: u32 = 4096;
/// How many sectors a bitmap is about.
const SECTORS_OF_BITMAP: u64 = 8 << 20;
const METADATA_AT: u64 = 2 * MIB;
const TABLE_AT: u64 = 3 * MIB;
const BLOCKS_AT: u64 = 4 * MIB;

/// A disk, and what is in its file.
#[derive(Clone, Debug)]
pub struct Disk {
    /// The file.
    pub file: Sparse,
    /// The bytes of the disk: no multiple of a block, so that the last one is not all of it.
    pub size: u64,
    /// The bytes of a block.
    pub block_size: u64,
    /// How many blocks a bitmap would be about.
    pub ratio: u64,
    /// The blocks that are in the file, and where: the first one, those on both sides of the first bitmap's entry, and
    /// the last one.
    pub blocks: [(u64, u64); 4],
}

impl Disk {
    /// How many blocks it has.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.size.div_ceil(self.block_size)
    }

    /// How many entries its table has: a bitmap's comes between blocks, and not behind the last one.
    #[must_use]
    pub const fn entries(&self) -> u64 {
        self.count() + (self.count() - 1) / self.ratio
    }

    /// What the first and the last sector of a block start with. The last block has its first one alone.
    #[must_use]
    pub fn marks(block: u64) -> [[u8; 16]; 2] {
        [b"first of", b"last of "].map(|what| [*what, block.to_le_bytes()].concat().try_into().unwrap())
    }
}

/// A disk with blocks of this size, whose metadata name sectors of another size if one is given.
#[must_use]
pub fn disk(block_size: u32, named: Option<u32>) -> Disk {
    let block = u64::from(block_size);
    let ratio = SECTORS_OF_BITMAP * u64::from(SECTOR_SIZE) / block;
    let size = 2 * ratio * block + 5 * block + 3 * u64::from(SECTOR_SIZE);
    let places = [0, ratio - 1, ratio, size / block];
    let mut at = BLOCKS_AT;
    let blocks = places.map(|index| {
        at += block;
        (index, at - block)
    });
    let mut file = Sparse::zeros(at);
    put_tables(&mut file, &Geometry { size, block_size, sector_size: named.unwrap_or(SECTOR_SIZE) });
    for (index, at) in blocks {
        let entry = TABLE_AT + 8 * (index + index / ratio);
        file.put(entry, &((at / MIB) << 20 | 6).to_le_bytes());
        let [first, last] = Disk::marks(index);
        file.put(at, &first);
        file.put(at + block - u64::from(SECTOR_SIZE), &last);
    }
    Disk { file, size, block_size: block, ratio, blocks }
}

/// All but the entries of the blocks.
fn put_tables(file: &mut Sparse, disk: &Geometry) {
    file.put(0, b"vhdxfile");
    let current = Header { log_guid: [0; 16], ..Header::dirty(8, 1 << 20) };
    for (at, header) in HEADERS.into_iter().zip([Header { sequence: 7, ..current }, current]) {
        file.put(at, &header.bytes());
    }
    for at in [192 << 10, 256 << 10] {
        file.put(at, &region_table(METADATA_AT, TABLE_AT));
    }
    put_metadata(file, METADATA_AT, disk);
}
