//! Numbers of things in words.

/// `1 byte`, `2 entries`, `no bytes`.
pub fn plural(n: u64, what: &str) -> String {
    let many = || match what.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{what}s"),
    };
    match n {
        0 => format!("no {}", many()),
        1 => format!("1 {what}"),
        n => format!("{n} {}", many()),
    }
}

#[cfg(test)]
mod tests {
    use super::plural;

    #[test]
    fn one_and_many() {
        let of = |what| [0, 1, 2].map(|n| plural(n, what));
        assert_eq!(of("byte"), ["no bytes", "1 byte", "2 bytes"]);
        assert_eq!(of("entry"), ["no entries", "1 entry", "2 entries"]);
    }
}
