//! The report: what is left, and why it is not gone into, for people.

use std::collections::{BTreeMap, BTreeSet};

use super::reach::Site;
use super::reasons::{REASONS, Reason};
use crate::chore::Failure;

const HEAD: &str = "\
# What can panic

No file of the runtime and of the formats has a way into a panic in it. `cargo xtask panics` finds out: it builds both, and one use of every
door, in release and as assembly, follows every function of the project into what it calls, and lists the calls of what does nothing but
panic, with the places in the source that they are told. What the standard library brings along as machine code is not looked into.

What follows is all that is left, and why it is not gone into. The chore fails for anything else, above all for a place in a file of the
project.
";

/// What panics, and the file that it stands in.
type What = (String, String);

/// The report; a failure where something has no reason, or a reason nothing.
pub fn report(sites: &[Site]) -> Result<String, Failure> {
    let mut left: BTreeMap<What, &Site> = sites.iter().map(|site| (what(site), site)).collect();
    let mut text = HEAD.to_owned();
    let mut wrong = Vec::new();
    for reason in REASONS {
        let held: BTreeSet<What> = left.keys().filter(|what| reason.holds(what)).cloned().collect();
        left.retain(|what, _| !held.contains(what));
        if held.is_empty() {
            wrong.push(format!("nothing has the reason '{}'", reason.title));
        }
        text += &section(reason, &held);
    }
    wrong.extend(left.values().map(|site| without_reason(site)));
    if wrong.is_empty() { Ok(text) } else { Err(Failure(wrong.join("\n"))) }
}

fn section(reason: &Reason, held: &BTreeSet<What>) -> String {
    let lines = held.iter().map(|(kind, file)| {
        let place = if file.is_empty() { String::new() } else { format!(" in `{file}`") };
        format!("- `{kind}`{place}\n")
    });
    format!("\n## {}\n\n{}\n\n{}", reason.title, reason.why, lines.collect::<String>())
}

fn without_reason(site: &Site) -> String {
    let line = site.place.as_ref().map_or_else(String::new, |place| format!(":{}", place.line));
    let (kind, file) = what(site);
    format!("{kind} in {file}{line}, from {}", site.from)
}

/// The file is one of the standard library's, or seen from the root of the checkout.
fn what(site: &Site) -> What {
    let file = site.place.as_ref().map_or("", |place| place.file.as_str());
    let library = file.strip_prefix("/rustc/").and_then(|rest| rest.split_once('/')).map(|(_, rest)| rest);
    (site.kind.clone(), library.unwrap_or(file).to_owned())
}

impl Reason {
    fn holds(&self, (kind, file): &What) -> bool {
        self.what
            .iter()
            .any(|(end, start)| kind.ends_with(end) && file.starts_with(start) && file.is_empty() == start.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::super::asm::Place;
    use super::{Site, report};

    fn site(kind: &str, file: &str) -> Site {
        let place = (!file.is_empty()).then(|| Place { file: file.to_owned(), line: 7 });
        Site { kind: kind.to_owned(), place, from: "here".to_owned() }
    }

    #[test]
    fn whatever_has_no_reason_is_told_with_its_place() {
        let sites = [site("alloc::raw_vec::handle_error", ""), site("core::panicking::panic", "src/a.rs")];
        let told = report(&sites).map_err(|failure| failure.to_string());
        let told = told.err().unwrap_or_default();
        assert!(told.ends_with("core::panicking::panic in src/a.rs:7, from here"), "{told}");
        assert!(told.contains("nothing has the reason 'Sorting'"), "{told}");
        assert!(!told.contains("handle_error"), "{told}");
    }
}
