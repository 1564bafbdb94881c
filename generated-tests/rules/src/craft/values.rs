//! What to put in place of a value.

use std::collections::BTreeSet;

use super::sites::Place;
use vmspec_codegen::model::Key;

/// Values near those that matter, for a place: wire bytes, in both byte orders; `bits`: and the old value with each bit turned.
pub fn near(bytes: &[u8], place: &Place, hints: &[i128], bits: bool) -> Vec<Vec<u8>> {
    let old = bytes.get(place.at..place.at.saturating_add(place.len)).unwrap_or_default();
    let mut out = BTreeSet::new();
    out.extend(named(place));
    if (1..=8).contains(&place.len) {
        let (little, big) = (number(old.iter().rev()), number(old.iter()));
        let mut numbers = vec![0, 1, 2, -1, -2];
        for hint in hints {
            numbers.extend([*hint, hint.saturating_add(1), hint.saturating_sub(1)]);
        }
        for n in numbers {
            out.extend([wire(n, place.len, false), wire(n, place.len, true)]);
        }
        for step in [-1, 1] {
            out.extend([
                wire(little.saturating_add(step), place.len, false),
                wire(big.saturating_add(step), place.len, true),
            ]);
        }
        for bit in (0..place.len.saturating_mul(8)).filter(|_| bits) {
            let turned = big ^ 1_i128.checked_shl(u32::try_from(bit).unwrap_or(0)).unwrap_or(0);
            out.insert(wire(turned, place.len, true));
        }
    } else if place.len > 0 {
        out.extend([vec![0; place.len], vec![0xff; place.len]]);
        for at in [0, place.len.saturating_sub(1)] {
            let mut turned = old.to_vec();
            turned.get_mut(at).into_iter().for_each(|byte| *byte ^= 0x81);
            out.insert(turned);
        }
    }
    out.remove(old);
    out.into_iter().collect()
}

/// The values that have a name.
pub fn named(place: &Place) -> Vec<Vec<u8>> {
    let wire = |key: &Key| match key {
        Key::Int(n) => vec![wire(*n, place.len, false), wire(*n, place.len, true)],
        Key::Bytes(bytes) => vec![bytes.clone()],
    };
    place.keys.iter().flat_map(wire).collect()
}

/// A number in so many bytes, cut off where it does not fit.
pub fn wire(n: i128, len: usize, big: bool) -> Vec<u8> {
    let mut bytes: Vec<u8> = n.to_le_bytes().into_iter().take(len).collect();
    if big {
        bytes.reverse();
    }
    bytes
}

fn number<'b>(bytes: impl Iterator<Item = &'b u8>) -> i128 {
    bytes.fold(0, |n, byte| n << 8 | i128::from(*byte))
}

/// The numbers in a text.
pub fn in_text(text: &str) -> Vec<i128> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let number = |word: &str| match word.strip_prefix("0x") {
        Some(digits) => i128::from_str_radix(digits, 16).ok(),
        None => word.parse().ok(),
    };
    words.filter_map(number).collect()
}
