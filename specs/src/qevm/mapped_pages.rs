//! Pages that lie at their places in the file, by the bitmap of those that are there.

/// Where in their block they are, by the size of a page and the length of the block. In place of one that would lie beyond it comes
/// its number.
///
/// The bitmap has words of 64 bits. Where these are little-endian, as on nearly every machine that QEMU runs on, bit N of all is
/// bit N % 8 of byte N / 8.
pub(super) fn addresses(bitmap: &[u8], page_size: u64, length: u64) -> impl Iterator<Item = Result<u64, u64>> {
    let bits = bitmap.iter().flat_map(|byte| (0..8_u32).map(move |bit| (byte >> bit) & 1 == 1));
    let there = (0_u64..).zip(bits).filter(|(_, is_there)| *is_there);
    there.map(move |(number, _)| {
        let address = number.saturating_mul(page_size);
        if address < length { Ok(address) } else { Err(number) }
    })
}
