//! Descriptors by hand, without a branch on their kind and without a check before the end.

use super::SEQUENCE;

/// All of them, or nothing when one breaks a rule.
pub fn all(bytes: &[u8]) -> Option<u64> {
    let (mut sum, mut bad) = (0_u64, 0);
    for block in bytes.as_chunks::<32>().0 {
        let word = |i: usize| u64::from_le_bytes(block.as_chunks().0[i]);
        let (first, second, offset, sequence) = (word(0), word(1), word(2), word(3));
        let kind = first & 0xffff_ffff;
        let (is_data, is_zero) = (kind == magic(*b"desc"), kind == magic(*b"zero"));
        let length = if is_zero { second } else { 0 };
        bad |= (sequence ^ SEQUENCE) | ((offset | length) & 4095);
        bad |= u64::from(!(is_data | is_zero)) | u64::from(offset < 192 << 10);
        sum = sum.wrapping_add(first >> 32).wrapping_add(second).wrapping_add(offset).wrapping_add(sequence);
    }
    (bad == 0).then_some(sum)
}

fn magic(of: [u8; 4]) -> u64 {
    u32::from_le_bytes(of).into()
}
