//! What generating, checking and compiling costs.

use std::fmt::Write;

use super::given::Given;

/// A table of it.
pub fn table(given: &Given) -> String {
    let mut text = "| what | measured |\n|---|--:|\n".to_owned();
    let before = text.len();
    for line in given.of("cost") {
        if let [what, measured, ..] = line {
            let _ = writeln!(text, "| {what} | {measured} |");
        }
    }
    if text.len() == before { "Nothing was measured.\n".into() } else { text }
}
