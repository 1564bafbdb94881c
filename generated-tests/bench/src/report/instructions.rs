//! The instructions that cases take, as `cargo xtask gate` counts them.

use std::fmt::Write;

use super::given::Given;

/// A table of them.
pub fn table(given: &Given) -> String {
    let mut text = "| group | case | instructions | of binrw's derive, times as many |\n|---|---|--:|--:|\n".to_owned();
    let before = text.len();
    for line in given.of("instructions") {
        if let [group, case, count, ratio] = line {
            let _ = writeln!(text, "| {group} | {case} | {count} | {ratio} |");
        }
    }
    if text.len() == before { "Nothing was counted.\n".into() } else { text }
}
