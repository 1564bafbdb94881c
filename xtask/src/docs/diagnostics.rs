//! The pages about the codes of errors.

use vmspec_codegen::catalogue;

use crate::chore::Failure;
use crate::tree::Tree;

use super::source::MadePage;

/// The page of all codes, and one for each family of them.
#[allow(clippy::unnecessary_wraps, reason = "as those who make pages of files")]
pub fn pages(_tree: &Tree) -> Result<Vec<MadePage>, Failure> {
    let pages = catalogue::pages().into_iter().enumerate();
    let made = |(i, page): (usize, catalogue::Page)| MadePage {
        path: page.path.into(),
        title: page.title,
        text: page.text,
        is_part: i > 0,
    };
    Ok(pages.map(made).collect())
}
