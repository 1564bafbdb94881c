//! The fields that hold bytes themselves, in the order of the bytes.

use std::io;

use vmspec_codegen::interpret::{Look, Value};

use super::walk::{Inside, behind_cases, enter, inside};

/// A run of bytes that belongs to one field.
pub struct Span<'s, 'a> {
    /// The field.
    pub look: &'s Look<'a>,
    /// The path of what it lies in.
    pub around: &'s str,
    /// Its name there.
    pub name: &'s str,
}

/// Calls `each` for every field with bytes of its own below a node: single values, the integer of bits, and lists of plain
/// integers as a whole.
pub fn each<'a>(
    look: &Look<'a>,
    path: &mut String,
    each: &mut dyn FnMut(Span<'_, 'a>) -> io::Result<()>,
) -> io::Result<()> {
    go(look, path, 0, each)
}

/// `around` is how much of the path is that of what the node lies in.
fn go<'a>(
    look: &Look<'a>,
    path: &mut String,
    around: usize,
    each: &mut dyn FnMut(Span<'_, 'a>) -> io::Result<()>,
) -> io::Result<()> {
    let Some(content) = behind_cases(look).1.filter(|content| content.node.len > 0) else { return Ok(()) };
    let below = match inside(&content) {
        Inside::Fields(fields) if !matches!(content.node.value, Value::Bits(_)) => fields,
        Inside::Elements(elements) => {
            return elements.iter().try_for_each(|element| enter_and_go(&element, path, each));
        }
        _ => {
            let (around, name) = path.split_at_checked(around).unwrap_or((path, ""));
            return each(Span { look, around, name: name.trim_start_matches('.') });
        }
    };
    below.iter().try_for_each(|field| enter_and_go(field, path, each))
}

fn enter_and_go<'a>(
    look: &Look<'a>,
    path: &mut String,
    each: &mut dyn FnMut(Span<'_, 'a>) -> io::Result<()>,
) -> io::Result<()> {
    let before = path.len();
    enter(path, look);
    let gone = go(look, path, before, each);
    path.truncate(before);
    gone
}
