//! The codes as pages of the book: one for each family, and one that leads to them.

use super::{Example, FAMILIES, codes_of};
use crate::diagnostic::{Code, Style};
use std::fmt::Write;

/// A page in Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Where it belongs, from the folder of pages.
    pub path: String,
    /// What it is called.
    pub title: String,
    /// All of it.
    pub text: String,
}

/// Every page about codes, the one that leads to the others first.
#[must_use]
pub fn pages() -> Vec<Page> {
    let families = FAMILIES.iter().map(|(letter, about)| family(*letter, about));
    std::iter::once(index()).chain(families).collect()
}

/// What is on top of the first page.
const INTRODUCTION: &str = "\
# What errors mean

Every error of a spec has a code. It stands in brackets behind the word `error`, and never changes its meaning:

```text
error[N002]: unknown name `lenght`
```

`vmspec explain N002` tells here and now what is told on these pages: what the rule is, a spec that breaks it, what the compiler says of that
spec, and the change that puts it right. All of these specs are compiled before the pages are made, so what is said is what you would see.
";

fn index() -> Page {
    let mut text = INTRODUCTION.to_owned();
    for (letter, about) in FAMILIES {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n## {letter}: {about}\n");
        for code in codes_of(*letter) {
            let (name, anchor) = (code.as_str(), code.as_str().to_lowercase());
            let _ = writeln!(text, "- [{name}](diagnostics/{letter}.md#{anchor}): {}", markdown(code.title()));
        }
    }
    Page { path: "diagnostics.md".to_owned(), title: "What errors mean".to_owned(), text }
}

fn family(letter: char, about: &str) -> Page {
    let title = format!("{letter}: {about}");
    let mut text = format!("# {title}\n");
    for code in codes_of(letter) {
        text.push_str(&story(code));
    }
    Page { path: format!("diagnostics/{letter}.md"), title, text }
}

fn story(code: Code) -> String {
    let example = Example::of(code);
    let said = example.failure().map(|failure| failure.diagnostics.render_each(&failure.sources, Style::Plain));
    let change: Vec<_> = example.lines().iter().map(|line| format!("{}{}", line.change.mark(), line.text)).collect();
    format!(
        "\n## {name}\n\n**{title}.** {explain}\n\n```text\n{said}\n```\n\n```diff\n{change}\n```\n\n{legend}\n",
        name = code.as_str(),
        title = markdown(&capitalised(code.title())),
        explain = markdown(code.explain()),
        said = said.unwrap_or_default().join("\n\n"),
        change = change.join("\n"),
        legend = example.legend().join(" "),
    )
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Text in which nothing but code is marked up: Markdown takes `<` and `*` for its own outside of it.
fn markdown(text: &str) -> String {
    let parts = text.split('`').enumerate().map(|(i, part)| match i.checked_rem(2) {
        Some(0) => part.replace('*', "\\*").replace('_', "\\_").replace('<', "&lt;"),
        _ => format!("`{part}`"),
    });
    parts.collect()
}
