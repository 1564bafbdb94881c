//! A stream of pages, made word by word.

use super::PAGE;
use crate::random::Random;

/// Where a guest has so much memory, its pages go round.
pub const RAM: usize = 128 << 20;

/// A stream of about so many bytes. Pages come in pairs, one of zeros and one not, in any order.
pub fn stream(length: usize) -> Vec<u8> {
    let mut random = Random::new(7);
    let mut page = random.bytes::<PAGE>();
    let mut bytes = Vec::with_capacity(length);
    for pair in 0..length as u64 / (PAGE as u64 + 17) {
        let full = pair * 2 + random.below(2);
        for number in [pair * 2, pair * 2 + 1] {
            word(&mut bytes, number, if number == full { 0x08 } else { 0x02 });
            if number == full {
                page[(number % 500) as usize * 8] ^= 1;
                bytes.extend_from_slice(&page);
            } else {
                bytes.push(0);
            }
        }
    }
    bytes.extend_from_slice(&0x10_u64.to_be_bytes());
    bytes
}

/// Every 1024th page starts a block.
fn word(bytes: &mut Vec<u8>, number: u64, kind: u64) {
    let same_block = if number.is_multiple_of(1024) { 0 } else { 0x20 };
    bytes.extend_from_slice(&((number * PAGE as u64) | kind | same_block).to_be_bytes());
    if same_block == 0 {
        bytes.extend_from_slice(b"\x06pc.ram");
    }
}

/// How much memory the guest of a stream has: no more than [`RAM`].
pub fn ram(stream: &[u8]) -> usize {
    (stream.len() / (PAGE + 17) * 2 * PAGE).min(RAM)
}
