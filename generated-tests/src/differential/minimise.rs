//! The smallest input that still shows a difference, or one near it: pieces cut out and zeroed as long as it stays.

/// Most inputs that are tried.
const TRIES: usize = 3_000;

/// A smaller input for which `shows` still holds. The same input where none is found.
#[must_use]
pub fn minimised(bytes: &[u8], shows: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut best = bytes.to_vec();
    let mut left = TRIES;
    let mut size = bytes.len().next_power_of_two();
    while size > 0 {
        let mut at = 0;
        while at < best.len() && left > 0 {
            left = left.saturating_sub(1);
            match smaller(&best, at, size).into_iter().find(|bytes| shows(bytes)) {
                Some(bytes) => best = bytes,
                None => at = at.saturating_add(size),
            }
        }
        size >>= 1;
    }
    best
}

/// The bytes without a piece, and with it as zeros; the second only where that changes them.
fn smaller(bytes: &[u8], at: usize, size: usize) -> Vec<Vec<u8>> {
    let end = at.saturating_add(size).min(bytes.len());
    let (before, piece, behind) = (
        bytes.get(..at).unwrap_or_default(),
        bytes.get(at..end).unwrap_or_default(),
        bytes.get(end..).unwrap_or_default(),
    );
    let mut all = vec![[before, behind].concat()];
    if piece.iter().any(|byte| *byte != 0) {
        all.push([before, &vec![0; piece.len()], behind].concat());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::minimised;

    #[test]
    fn what_does_not_matter_goes() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(minimised(&bytes, |b| b.contains(&77) && b.contains(&200)), [77, 200]);
        let third = minimised(&bytes, |b| b.len() >= 3 && b.iter().any(|byte| *byte > 8));
        assert_eq!((third.len(), third.iter().filter(|byte| **byte != 0).count()), (3, 1));
        assert_eq!(minimised(&bytes, |b| b == bytes), bytes);
        assert_eq!(minimised(&[], |_| true), Vec::<u8>::new());
    }
}
