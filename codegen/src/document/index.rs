//! The first page of a format: what it is, how it begins, and what is described where.

use super::kind::bytes_text;
use super::markdown::{blocks, code, escaped, paragraphs, sources};
use super::places::{PagePlan, Places};
use super::{Page, picture};
use crate::model::Format;

/// Makes it.
#[must_use]
pub fn page(places: &Places<'_>) -> Page {
    let format = places.format;
    let text = blocks([
        format!("# {}", escaped(&format.title)),
        paragraphs(format.doc.as_deref()),
        places.beginning(),
        references(format),
        places.overview(),
        places.given(),
        examples(format),
        LEGEND.replace("COLOURS", &picture::legend()),
    ]);
    Page { file: "index.md".to_owned(), title: format.title.clone(), text: text + "\n" }
}

/// How to read the other pages.
const LEGEND: &str = "\
## How to read these pages

Offsets count from the start of the record, and are hexadecimal from 10 on; sizes are bytes. `size(x)` is the size of the field `x`, 0 where it is not \
there, and `end(x)` where `x` ends, or would begin. A field with **if** is there where the condition holds. **valid** and **require** must hold, or the file is refused; \
what breaks an **expect** is told and does no harm. The class of a failure stands in brackets.

COLOURS";

impl Places<'_> {
    /// What a file of the format starts with.
    fn beginning(&self) -> String {
        let root = |id| {
            let magics: Vec<String> =
                self.format.magics(id).into_iter().map(|bytes| code(&bytes_text(bytes))).collect();
            let begins =
                if magics.is_empty() { String::new() } else { format!(", begins with {}", magics.join(" or ")) };
            format!("{}{begins}", self.type_link(id))
        };
        let first = format!("A file is a {}.", root(self.format.root));
        let others: Vec<String> = self.format.roots.iter().map(|id| root(*id)).collect();
        if others.is_empty() { first } else { format!("{first} Read by themselves, too: {}.", others.join("; ")) }
    }

    fn overview(&self) -> String {
        let page =
            |plan: &PagePlan| blocks([format!("## [{}]({})", escaped(&plan.title), plan.file), self.contents(plan)]);
        blocks(self.pages().iter().map(page))
    }
}

fn references(format: &Format) -> String {
    match format.refs.as_slice() {
        [] => String::new(),
        [one] => format!("Source: {}", sources(std::slice::from_ref(one))),
        all => {
            let items: Vec<String> =
                all.iter().map(|one| format!("- {}", sources(std::slice::from_ref(one)))).collect();
            format!("Sources:\n\n{}", items.join("\n"))
        }
    }
}

fn examples(format: &Format) -> String {
    match format.examples.len() {
        0 => String::new(),
        n => format!("## Examples\n\n[{n} examples](examples.md): bytes, and what they mean or why they are refused."),
    }
}
