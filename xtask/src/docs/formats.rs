//! The pages of the formats that the project has specs of.

use crate::chore::Failure;
use crate::tree::Tree;

use super::source::MadePage;

/// How the pictures of the pages look.
pub const STYLE: &str = "";

/// The pages of each format, behind each other.
pub fn pages(_tree: &Tree) -> Result<Vec<MadePage>, Failure> {
    Ok(Vec::new())
}
