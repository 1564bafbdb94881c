//! Small images with a log, as they have to be for any program to open them: a disk of 8 MiB whose first two blocks of
//! 1 MiB are in the file. Behind the first mebibyte come the log, the metadata, the block table and the blocks.

use super::oracle::{HEADERS, Log};
use super::{Sparse, put_checksum};

const MIB: u64 = 1 << 20;
/// The offset of the log.
pub const LOG_AT: u64 = MIB;
/// The identifier of the log.
pub const LOG_GUID: [u8; 16] = *b"this log's ident";
/// The bytes of the disk.
pub const DISK_SIZE: u64 = 8 * MIB;
/// How many blocks are in the file.
pub const BLOCKS: u64 = 2;

/// A header's own values.
#[derive(Clone, Copy, Debug)]
pub struct Header {
    /// Its sequence number.
    pub sequence: u64,
    /// The identifier of the log, zeros when it is empty.
    pub log_guid: [u8; 16],
    /// The version of the log.
    pub log_version: u16,
    /// The version of the format.
    pub version: u16,
    /// How long the log is.
    pub log_length: u32,
    /// Where it is.
    pub log_offset: u64,
}

impl Header {
    /// That of an image that has something to replay in a log of this length.
    #[must_use]
    pub const fn dirty(sequence: u64, log_length: u32) -> Self {
        Self { sequence, log_guid: LOG_GUID, log_version: 0, version: 1, log_length, log_offset: LOG_AT }
    }

    /// Its sector.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = b"head\0\0\0\0".to_vec();
        bytes.extend(self.sequence.to_le_bytes());
        bytes.extend(b"written by this.");
        bytes.extend(b"data of the disk");
        bytes.extend(self.log_guid);
        bytes.extend(self.log_version.to_le_bytes());
        bytes.extend(self.version.to_le_bytes());
        bytes.extend(self.log_length.to_le_bytes());
        bytes.extend(self.log_offset.to_le_bytes());
        bytes.resize(4096, 0);
        put_checksum(&mut bytes);
        bytes
    }
}

/// The log of an image.
#[must_use]
pub fn log(log_length: u32) -> Log {
    Log { guid: LOG_GUID, at: LOG_AT, length: log_length.into() }
}

/// The offset of the first block in an image with a log of this length.
#[must_use]
pub fn blocks_at(log_length: u32) -> u64 {
    LOG_AT + u64::from(log_length) + 2 * MIB
}

/// An image whose log holds nothing although its second header, the current one, says that there is something. The
/// first one is that of the image as it was closed before.
#[must_use]
pub fn dirty(log_length: u32) -> Sparse {
    let mut file = Sparse::zeros(blocks_at(log_length) + BLOCKS * MIB);
    file.put(0, b"vhdxfile");
    let current = Header::dirty(8, log_length);
    let closed = Header { sequence: 7, log_guid: [0; 16], ..current };
    for (at, header) in HEADERS.into_iter().zip([closed, current]) {
        file.put(at, &header.bytes());
    }
    let metadata_at = LOG_AT + u64::from(log_length);
    for at in [192 << 10, 256 << 10] {
        file.put(at, &region_table(metadata_at, metadata_at + MIB));
    }
    put_metadata(&mut file, metadata_at, &Geometry { size: DISK_SIZE, block_size: 1 << 20, sector_size: 512 });
    for block in 0..BLOCKS {
        let offset_mb = blocks_at(log_length) / MIB + block;
        file.put(metadata_at + MIB + 8 * block, &(offset_mb << 20 | 6).to_le_bytes());
    }
    file.put(blocks_at(log_length) + 100, b"what the guest wrote");
    file
}

/// The same image, closed properly.
#[must_use]
pub fn clean(log_length: u32) -> Sparse {
    let mut file = dirty(log_length);
    let current = Header { log_guid: [0; 16], ..Header::dirty(8, log_length) };
    file.put(HEADERS[1], &current.bytes());
    file
}

/// A guid in the order of bytes that it has in files.
fn guid(canonical: u128) -> [u8; 16] {
    let mut bytes = canonical.to_be_bytes();
    bytes[0..4].reverse();
    bytes[4..6].reverse();
    bytes[6..8].reverse();
    bytes
}

/// A region table that names these two.
pub(super) fn region_table(metadata_at: u64, bat_at: u64) -> Vec<u8> {
    let mut bytes = b"regi\0\0\0\0".to_vec();
    bytes.extend([2, 0, 0, 0, 0, 0, 0, 0]);
    let bat = 0x2dc2_7766_f623_4200_9d64_115e_9bfd_4a08;
    let metadata = 0x8b7c_a206_4790_4b9a_b8fe_575f_050f_886e;
    for (id, at) in [(bat, bat_at), (metadata, metadata_at)] {
        bytes.extend(guid(id));
        bytes.extend(at.to_le_bytes());
        bytes.extend(u32::try_from(MIB).unwrap().to_le_bytes());
        bytes.extend([1, 0, 0, 0]);
    }
    bytes.resize(64 << 10, 0);
    put_checksum(&mut bytes);
    bytes
}

/// What the metadata say of a disk.
pub(super) struct Geometry {
    pub size: u64,
    pub block_size: u32,
    /// Of its sectors, logical and physical ones.
    pub sector_size: u32,
}

/// Writes a metadata region.
pub(super) fn put_metadata(file: &mut Sparse, at: u64, disk: &Geometry) {
    let (virtual_disk, required) = (2, 4);
    let parameters = u64::from(disk.block_size).to_le_bytes();
    let sector_size = disk.sector_size.to_le_bytes();
    let items: [(u128, u32, &[u8]); 5] = [
        (0xcaa1_6737_fa36_4d43_b3b6_33f0_aa44_e76b, required, &parameters),
        (0x2fa5_4224_cd1b_4876_b211_5dbe_d83b_f4b8, required | virtual_disk, &disk.size.to_le_bytes()),
        (0xbeca_12ab_b2e6_4523_93ef_c309_e000_c746, required | virtual_disk, b"a disk of a test"),
        (0x8141_bf1d_a96f_4709_ba47_f233_a8fa_ab5f, required | virtual_disk, &sector_size),
        (0xcda3_48c7_445d_4471_9cc9_e988_5251_c556, required | virtual_disk, &sector_size),
    ];
    let mut table = b"metadata\0\0\x05\0".to_vec();
    table.resize(32, 0);
    let mut offset = 64_u32 << 10;
    for (id, flags, item) in items {
        file.put(at + u64::from(offset), item);
        table.extend(guid(id));
        table.extend(offset.to_le_bytes());
        table.extend(u32::try_from(item.len()).unwrap().to_le_bytes());
        table.extend(flags.to_le_bytes());
        table.extend([0; 4]);
        offset += 16;
    }
    file.put(at, &table);
}
