//! The ratios that are held: a table of TOML for each group, with a number for each case.

use std::fmt::Write;

use super::Counted;

const HEAD: &str = "\
# How many times as many instructions binrw's derive takes for the same work. Written by `cargo xtask gate --write`; a step
# of `cargo xtask ci` fails when a ratio falls by more than a twentieth.
";

/// A ratio that is held.
#[derive(Debug, PartialEq)]
pub struct Held {
    /// The group.
    pub group: String,
    /// The case.
    pub case: String,
    /// How many times as many instructions the derive takes.
    pub ratio: f64,
}

impl Held {
    /// Whether it is about this case.
    pub fn is(&self, counted: &Counted) -> bool {
        self.group == counted.group && self.case == counted.case
    }
}

/// What a file holds; otherwise the line that is wrong.
pub fn read(text: &str) -> Result<Vec<Held>, String> {
    let (mut group, mut held) = (String::new(), Vec::new());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            name.clone_into(&mut group);
            continue;
        }
        let wrong = || format!("neither a group nor a ratio: {line}");
        let (case, ratio) = line.split_once(" = ").ok_or_else(wrong)?;
        held.push(Held { group: group.clone(), case: case.into(), ratio: ratio.parse().map_err(|_| wrong())? });
    }
    Ok(held)
}

/// The file that holds what was counted.
pub fn text(counted: &[Counted]) -> String {
    let (mut text, mut group) = (HEAD.to_owned(), "");
    for it in counted.iter().filter(|it| it.gated) {
        if it.group != group {
            group = it.group;
            let _ = write!(text, "\n[{group}]\n");
        }
        let _ = writeln!(text, "{} = {:.3}", it.case, it.ratio);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let counted = |case, ratio| Counted { group: "pages", case, instructions: 1.0, ratio, gated: true };
        let text = text(&[counted("read", 2.5), counted("views", 12.0)]);
        let held = |case: &str, ratio| Held { group: "pages".into(), case: case.into(), ratio };
        assert_eq!(read(&text), Ok(vec![held("read", 2.5), held("views", 12.0)]));
    }

    #[test]
    fn what_is_no_ratio_is_named() {
        assert_eq!(read("[pages]\nread = fast"), Err("neither a group nor a ratio: read = fast".into()));
    }
}
