//! One byte of a file, explained: the field that holds it, all that this lies in, and what the spec says of it.

use std::io::{self, Write};

use vmspec_codegen::diagnostic::printable;
use vmspec_codegen::interpret::Look;

use super::locate::{Around, Found, Sides, find};
use super::notes::{drivers, order};
use super::palette::Palette;
use super::said;
use super::scan;
use super::value::size;
use super::view::View;
use super::walk::{Inside, behind_cases, inside};
use crate::plural::plural;

/// The room for a value.
const ROOM: usize = 80;
/// Where the places of fields start on a line that is not too long for it.
const PLACE: usize = 40;
/// The room for a first line of documentation.
const DOC: usize = 44;

/// Writes what holds the byte at an absolute offset. Gives whether anything does.
pub fn write(view: &View<'_>, offset: u64, palette: &Palette, out: &mut dyn Write) -> io::Result<bool> {
    let node = &view.top.node;
    if offset < node.at || offset >= node.end() {
        return outside(view, offset, out).map(|()| false);
    }
    let (around, sides) = match find(&view.top, &view.path, offset) {
        Found::In(around) => (around, None),
        Found::Between(around, sides) => (around, Some(*sides)),
    };
    let Some(last) = around.last() else { return Ok(false) };
    if let Some(Sides { before, behind }) = sides {
        writeln!(out, "{offset:#x} is in no field of {}\n", shown_path(last))?;
        chain(&around, palette, out)?;
        neighbour("before it", before, out)?;
        neighbour("behind it", behind, out)?;
        return Ok(false);
    }
    let index = index_in(&around, offset);
    let (style, name) = (palette.name, shown_path(last));
    writeln!(out, "{offset:#x} is byte {index} of {style}{name}{style:#}\n")?;
    chain(&around, palette, out)?;
    writeln!(out)?;
    details(view, last, index, palette, out)?;
    Ok(true)
}

/// The number of a byte in the innermost field around it.
fn index_in(around: &[Around<'_>], offset: u64) -> u64 {
    let at = around.last().map_or(0, |last| last.look.node.at);
    let ring = around.iter().find_map(|it| scan::of(&it.look)).map(|scan| scan.ring);
    let come_round = ring.and_then(|ring| ring.distance(at.checked_sub(ring.at)?, offset));
    come_round.unwrap_or_else(|| offset.saturating_sub(at))
}

/// An offset that the value does not reach.
fn outside(view: &View<'_>, offset: u64, out: &mut dyn Write) -> io::Result<()> {
    let (node, size) = (&view.top.node, view.bytes.size());
    let end = node.end();
    if offset < node.at {
        return writeln!(out, "{offset:#x} lies before the value, which starts at {:#x}", node.at);
    }
    if offset >= size {
        return writeln!(out, "{offset:#x} lies behind the end of the file, which has {}", plural(size, "byte"));
    }
    if let Some(error) = &view.reading.error {
        return writeln!(out, "{offset:#x} was not read; reading stopped: {}", printable(&error.to_string()));
    }
    let behind = plural(size.saturating_sub(end), "byte");
    writeln!(out, "{offset:#x} lies behind the value, which ends at {end:#x}; {behind} follow it")
}

fn shown_path(around: &Around<'_>) -> String {
    if around.path.is_empty() { around.look.written() } else { around.path.clone() }
}

/// The fields around a byte, outermost first.
fn chain(around: &[Around<'_>], palette: &Palette, out: &mut dyn Write) -> io::Result<()> {
    let widest = around.iter().map(|field| field.look.node.len.to_string().len()).max().unwrap_or(0);
    let furthest = around.iter().map(|field| format!("{:#x}", field.look.node.at).len()).max().unwrap_or(0);
    for (i, Around { look, path }) in around.iter().enumerate() {
        let (style, aside) = (palette.name, palette.aside);
        let name = if i == 0 && !path.is_empty() { path.clone() } else { look.name() };
        let name = if name.is_empty() { look.written() } else { name };
        let indent = i.saturating_mul(2);
        let gap = PLACE.saturating_sub(indent.saturating_add(name.len())).max(2);
        let doc = said::doc(look).map_or_else(String::new, |doc| said::first_line(doc, DOC));
        let (at, len) = (format!("{:#x}", look.node.at), look.node.len);
        let line = format!("{style}{name}{style:#}{:gap$}{aside}{at:>furthest$} {len:>widest$}  {doc}{aside:#}", "");
        writeln!(out, "{:indent$}{}", "", line.trim_end())?;
    }
    Ok(())
}

fn neighbour(side: &str, field: Option<Around<'_>>, out: &mut dyn Write) -> io::Result<()> {
    match field {
        None => writeln!(out, "nothing of it lies {side}"),
        Some(field) => {
            let (node, name) = (&field.look.node, shown_path(&field));
            writeln!(out, "{side}: {name}, from {:#x} to {:#x}", node.at, node.end())
        }
    }
}

/// What is known of the field itself.
fn details(view: &View<'_>, around: &Around<'_>, index: u64, palette: &Palette, out: &mut dyn Write) -> io::Result<()> {
    let look = &around.look;
    let mut all = vec![("type", said::type_of(look)), ("value", view.writer(ROOM).value(look))];
    all.extend(element(look, index).map(|said| ("element", said)));
    let offset = look.node.at.saturating_add(index);
    let content = behind_cases(look).1;
    all.extend(content.and_then(|content| scan::outside(&content, offset)).map(|said| ("entry", said)));
    all.extend(said::meaning(look).map(|doc| ("meaning", doc)));
    all.extend(drivers(look).into_iter().map(|by| ("driven", by)));
    all.extend(order(look).map(|order| ("order", order.to_owned())));
    all.extend(said::doc(look).map(|doc| ("doc", doc.trim().to_owned())));
    all.extend(said::rules(look));
    all.extend(said::parts(look, view.writer(ROOM)).into_iter().map(|part| ("bits", part)));
    let width = all.iter().map(|(what, _)| what.len()).max().unwrap_or(0);
    for (what, said) in all.iter().filter(|(_, said)| !said.is_empty()) {
        let aside = palette.aside;
        writeln!(out, "  {aside}{what:width$}{aside:#}  {said}")?;
    }
    Ok(())
}

/// The element of a list of plain integers that has the byte.
fn element(look: &Look<'_>, index: u64) -> Option<String> {
    let content = behind_cases(look).1?;
    let Inside::Numbers(packed) = inside(&content) else { return None };
    let element = usize::try_from(index.checked_div(size(packed.step()))?).ok()?;
    packed.get(element).map(|n| format!("[{element}], {}", super::value::number(n)))
}
