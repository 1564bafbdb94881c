//! The pages of the formats that the project has specs of.

use std::path::{Path, PathBuf};

use vmspec_codegen::compile;
use vmspec_codegen::document;
use vmspec_codegen::model::Format;
use vmspec_codegen::source::Source;

use crate::chore::Failure;
use crate::tree::Tree;

use super::source::MadePage;

/// How the pictures of the pages look.
pub const STYLE: &str = document::STYLE;

const SPECS: &str = "specs";
const FOLDER: &str = "formats";

/// The pages of each format, behind each other.
pub fn pages(tree: &Tree) -> Result<Vec<MadePage>, Failure> {
    let specs = tree.files_in(SPECS, "yaml")?;
    let formats = specs.iter().map(|spec| compiled(tree, spec)).collect::<Result<Vec<_>, _>>()?;
    let rest = formats.iter().flat_map(of);
    Ok(std::iter::once(overview(&formats)).chain(rest).collect())
}

/// The page that leads to all of them.
fn overview(formats: &[Format]) -> MadePage {
    let line = |format: &Format| {
        let doc = format.doc.as_deref().unwrap_or_default();
        format!("## [{}]({FOLDER}/{}/index.md)\n\n{}\n", format.title, format.id, document::text(doc))
    };
    let lines: Vec<String> = formats.iter().map(line).collect();
    let text = format!(
        "# The formats\n\nMade from the specs: what each byte means, and where that is known from.\n\n{}",
        lines.join("\n")
    );
    MadePage { path: "formats.md".into(), title: "The formats".into(), text, is_part: false }
}

fn compiled(tree: &Tree, spec: &Path) -> Result<Format, Failure> {
    let name = spec.file_name().unwrap_or_default().to_string_lossy();
    let compiled = compile(&Source::in_folder(tree.path(SPECS), &name));
    compiled.map(|(format, _)| format).map_err(|failure| Failure(failure.render_short()))
}

fn of(format: &Format) -> Vec<MadePage> {
    let folder = PathBuf::from(FOLDER).join(&format.id);
    let made = |(i, page): (usize, document::Page)| MadePage {
        path: folder.join(page.file),
        title: page.title,
        text: page.text,
        is_part: i > 0,
    };
    document::pages(format).into_iter().enumerate().map(made).collect()
}
