//! The fields that hold bytes themselves, in the order of the bytes.

use std::io;

use vmspec_codegen::interpret::{Look, Value};
use vmspec_codegen::model::Type;

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
/// integers, or that are read one by one, as a whole.
pub fn each<'a>(
    look: &Look<'a>,
    path: &mut String,
    each: &mut dyn FnMut(Span<'_, 'a>) -> io::Result<()>,
) -> io::Result<()> {
    let is_place = |ty: &Type| ty.as_struct().is_some_and(|s| s.is_place);
    if !look.format.types.iter().any(is_place) {
        return go(look, path, 0, each);
    }
    // What lies aside comes in the tree where it is pointed to.
    let mut all = Vec::new();
    go(look, path, 0, &mut |Span { look, around, name }| {
        all.push((look.clone(), around.to_owned(), name.to_owned()));
        Ok(())
    })?;
    all.sort_by_key(|(look, ..)| look.node.at);
    // Bytes that stand for two values are shown as the first.
    let mut end = 0;
    all.retain(|(look, ..)| {
        let apart = look.node.at >= end;
        end = end.max(look.node.end());
        apart
    });
    all.iter().try_for_each(|(look, around, name)| each(Span { look, around, name }))
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
        Inside::Elements(elements) if !matches!(content.node.value, Value::Lazy(_)) => {
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
