//! A value as a tree on a terminal: a line for each node, with its name, value, place and what else is to be said of it.

use std::collections::BTreeSet;
use std::io::{self, Write};

use vmspec_codegen::interpret::{Look, Packed, Value};

use super::marks::{self, Marks};
use super::notes::notes;
use super::palette::Palette;
use super::scan;
use super::value::size;
use super::view::View;
use super::walk::{Elements, Inside, behind_cases, enter, inside};

/// Where the longest offset starts on a line that is not too long for it.
const PLACE: usize = 60;
/// Least room for a value, however deep it is.
const ROOM: usize = 24;
/// Names up to this length stand in a column.
const NAME: usize = 24;
/// A list that is longer is not shown whole.
const WHOLE: usize = 20;
/// So many of its first elements are.
const FIRST: usize = 16;
/// Plain integers on a line where all are shown.
const ROW: usize = 8;

/// Writes the tree, then what is wrong with it.
pub fn write(view: &View<'_>, palette: &Palette, out: &mut dyn Write) -> io::Result<()> {
    heading(view, palette, out)?;
    let name = if view.path.is_empty() { view.top.written() } else { view.path.clone() };
    let mut tree = Tree {
        view,
        palette,
        marks: Marks::new(view.reading, &view.path),
        path: view.path.clone(),
        hex: format!("{:#x}", view.reading.end).len(),
        decimal: view.top.node.len.to_string().len(),
        out,
    };
    tree.node(&view.top, At { name: &name, indent: 0, width: name.len(), left: view.depth })?;
    marks::summary(view, palette, out)
}

/// What the value was read from, where that is to be said.
pub fn heading(view: &View<'_>, palette: &Palette, out: &mut dyn Write) -> io::Result<()> {
    let style = palette.heading;
    view.seen.as_ref().map_or(Ok(()), |seen| writeln!(out, "{style}{seen}{style:#}\n"))
}

/// Where a node's line stands.
#[derive(Clone, Copy)]
struct At<'n> {
    name: &'n str,
    indent: usize,
    /// The longest name beside it.
    width: usize,
    /// How many more levels are shown.
    left: usize,
}

struct Tree<'v, 'a> {
    view: &'v View<'a>,
    palette: &'v Palette,
    marks: Marks<'a>,
    path: String,
    /// Widths of offsets and sizes.
    hex: usize,
    decimal: usize,
    out: &'v mut dyn Write,
}

impl Tree<'_, '_> {
    /// A node whose path is entered, with all that is in it.
    fn node(&mut self, look: &Look<'_>, at: At<'_>) -> io::Result<()> {
        let (_, content) = behind_cases(look);
        let within = content.as_ref().map_or(Inside::Nothing, inside);
        let room = at.room();
        let mut value = self.view.writer(room).value(look);
        let parts = content.as_ref().is_some_and(|content| matches!(content.node.value, Value::Bits(_)));
        let inline = parts && !self.view.all && value.len() <= room;
        if parts && !inline {
            value = behind_cases(look).0.join(": ");
        }
        let nested = !inline && !matches!(within, Inside::Nothing | Inside::Numbers(_));
        if nested && at.left == 0 && value.is_empty() {
            "{...}".clone_into(&mut value);
        }
        self.line(look, at, &value)?;
        if at.left > 0 && !inline {
            let (before, behind) = content.as_ref().map_or_else(Default::default, scan::lines);
            self.lines(&before, at)?;
            self.inside(within, look.node.at, at)?;
            self.lines(&behind, at)?;
        }
        self.marks(at)
    }

    /// What is said of a node as a whole, below it.
    fn lines(&mut self, lines: &[String], at: At<'_>) -> io::Result<()> {
        let (indent, aside) = (at.indent.saturating_add(2), self.palette.aside);
        lines.iter().try_for_each(|line| writeln!(self.out, "{:indent$}{aside}{line}{aside:#}", ""))
    }

    fn inside(&mut self, within: Inside<'_>, start: u64, at: At<'_>) -> io::Result<()> {
        match within {
            Inside::Fields(fields) => self.fields(&fields, at),
            Inside::Elements(elements) => self.elements(&elements, at),
            Inside::Numbers(packed) if self.view.all => self.numbers(packed, start, at),
            Inside::Numbers(_) | Inside::Nothing => Ok(()),
        }
    }

    fn fields(&mut self, fields: &[Look<'_>], at: At<'_>) -> io::Result<()> {
        let shown: Vec<_> = {
            let shown = fields.iter().filter(|field| self.is_shown(field));
            shown.map(|field| (field, field.name())).collect()
        };
        let short = shown.iter().map(|(_, name)| name.len()).filter(|len| *len <= NAME);
        let width = short.max().unwrap_or(0);
        for (field, name) in &shown {
            let before = self.path.len();
            enter(&mut self.path, field);
            self.node(field, at.below(name, width))?;
            self.path.truncate(before);
        }
        Ok(())
    }

    /// What is not there and takes no room says nothing, unless something is wrong with it.
    fn is_shown(&mut self, look: &Look<'_>) -> bool {
        let empty = look.node.len == 0 && (look.is_extra() || look.name() == "_");
        if self.view.all || look.node.is_present() && !empty {
            return true;
        }
        let before = self.path.len();
        enter(&mut self.path, look);
        let concerned = self.marks.concerns(&self.path);
        self.path.truncate(before);
        concerned
    }

    /// The elements of a list; of a long one the first, the last, and those with something wrong.
    fn elements(&mut self, elements: &Elements<'_>, at: At<'_>) -> io::Result<()> {
        let count = elements.count();
        let last = count.saturating_sub(1);
        let width = format!("[{last}]").len();
        let whole = self.view.all || count <= WHOLE;
        if whole && elements.are_held() {
            return elements.iter().try_for_each(|element| self.element(&element, at, width));
        }
        let mut shown: BTreeSet<usize> = self.marks.indices(&self.path);
        shown.extend((0..if whole { count } else { FIRST }).chain([last]));
        // Of a journal those of the active sequence are held as well.
        shown.extend(elements.held().filter(|_| elements.are_entries()).into_iter().flatten());
        shown.retain(|index| elements.is_held(*index));
        let mut next = 0_usize;
        for index in shown {
            self.left_out(elements, next..index, at)?;
            if let Some(element) = elements.get(index) {
                self.element(&element, at, width)?;
            }
            next = index.saturating_add(1);
        }
        self.left_out(elements, next..count, at)
    }

    fn element(&mut self, element: &Look<'_>, at: At<'_>, width: usize) -> io::Result<()> {
        let before = self.path.len();
        enter(&mut self.path, element);
        self.node(element, at.below(&element.name(), width))?;
        self.path.truncate(before);
        Ok(())
    }

    /// One line for elements that are not shown.
    fn left_out(&mut self, elements: &Elements<'_>, run: std::ops::Range<usize>, at: At<'_>) -> io::Result<()> {
        let last = run.end.saturating_sub(1);
        let ends = elements.place(run.start).zip(elements.place(last));
        let Some(((start, _), (end, len))) = ends.filter(|_| !run.is_empty()) else { return Ok(()) };
        let text = format!("... {} more, to [{last}]", run.len());
        let len = end.saturating_add(len).saturating_sub(start);
        self.row(at.indent.saturating_add(2), ("", 0, &text), (start, len), "")
    }

    /// All of a list of plain integers, several on a line.
    fn numbers(&mut self, packed: &Packed, start: u64, at: At<'_>) -> io::Result<()> {
        let (step, all): (_, Vec<i128>) = (size(packed.step()), packed.numbers().collect());
        let width = format!("[{}]", all.len()).len();
        for (i, row) in all.chunks(ROW).enumerate() {
            let index = i.saturating_mul(ROW);
            let text = row.iter().map(i128::to_string).collect::<Vec<_>>().join(", ");
            let place = (start.saturating_add(step.saturating_mul(size(index))), step.saturating_mul(size(row.len())));
            self.row(at.indent.saturating_add(2), (&format!("[{index}]"), width, &text), place, "")?;
        }
        Ok(())
    }

    fn line(&mut self, look: &Look<'_>, at: At<'_>, value: &str) -> io::Result<()> {
        let place = (look.node.at, look.node.len);
        self.row(at.indent, (at.name, at.width, value), place, &notes(look).join(", "))
    }

    /// Name, value, place and notes, in columns where they fit.
    fn row(&mut self, indent: usize, text: (&str, usize, &str), place: (u64, u64), notes: &str) -> io::Result<()> {
        let ((name, width, value), Palette { name: of_name, aside, .. }) = (text, self.palette);
        write!(self.out, "{:indent$}{of_name}{name}{of_name:#}", "")?;
        let mut used = indent.saturating_add(name.len());
        if !value.is_empty() {
            let gap = width.saturating_sub(name.len()).saturating_add(if width > 0 { 2 } else { 0 });
            write!(self.out, "{:gap$}{value}", "")?;
            used = used.saturating_add(gap).saturating_add(value.chars().count());
        }
        let (offset, len, decimal) = (format!("{:#x}", place.0), place.1, self.decimal);
        let gap = PLACE.saturating_add(self.hex).saturating_sub(used.saturating_add(offset.len())).max(2);
        write!(self.out, "{:gap$}{aside}{offset} {len:>decimal$}", "")?;
        if !notes.is_empty() {
            write!(self.out, "  {notes}")?;
        }
        writeln!(self.out, "{aside:#}")
    }

    /// What is wrong with the node as a whole, or with something in it that is not shown or was never read.
    fn marks(&mut self, at: At<'_>) -> io::Result<()> {
        let indent = at.indent.saturating_add(2);
        for mark in self.marks.take(&self.path) {
            writeln!(self.out, "{:indent$}{}", "", mark.seen_from(&self.path, self.palette))?;
        }
        Ok(())
    }
}

impl At<'_> {
    /// How long its value may be.
    fn room(self) -> usize {
        PLACE.saturating_sub(self.indent.saturating_add(self.width).saturating_add(4)).max(ROOM)
    }

    /// Of something in it.
    fn below(self, name: &str, width: usize) -> At<'_> {
        At { name, width, indent: self.indent.saturating_add(2), left: self.left.saturating_sub(1) }
    }
}
