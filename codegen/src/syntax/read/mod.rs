//! From a YAML tree to the syntax tree of one file. Reports everything that is wrong with its keys and shapes; looks nothing up.

mod case;
mod cursor;
mod declare;
mod example;
mod field;
mod file;
mod fits;
mod given;
mod journal;
pub mod keys;
mod names;
mod options;
mod rule;
mod scalar;
mod state;
mod types;
mod words;

use super::ast::SpecFile;
use super::place::Place;
use super::yaml::Node;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::FileId;

/// Reads the file whose YAML tree is `root`. Declarations that make no sense are left out, and have been reported.
pub fn read(file: FileId, text: &str, root: &Node, diagnostics: &mut Diagnostics) -> Option<SpecFile> {
    Reader { file, text, diagnostics, lost: Vec::new() }.spec_file(root)
}

/// Reads the parts of one file.
struct Reader<'a> {
    file: FileId,
    text: &'a str,
    diagnostics: &'a mut Diagnostics,
    /// Names of what was left out.
    lost: Vec<String>,
}

impl Reader<'_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Notes the name of a declaration that was left out.
    fn or_lost<T>(&mut self, key: &Node, declared: Option<T>) -> Option<T> {
        if declared.is_none() {
            self.lost.extend(key.scalar().map(str::to_owned));
        }
        declared
    }

    /// How much has been reported so far.
    fn reported(&self) -> usize {
        self.diagnostics.len().saturating_add(self.diagnostics.left_out())
    }

    fn place(&self, node: &Node) -> Place {
        Place::of(node, self.text)
    }
}
