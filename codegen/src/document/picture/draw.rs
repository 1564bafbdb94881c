//! Drawing the pieces of a struct.

use super::label::{cut, lines, room};
use super::plan::{Bar, Cell, Piece, Run};
use super::rows::{Part, ROW, Row, rows};
use super::sort::Sort;
use super::svg::Element;
use crate::document::offset::hex;

/// Where the first column starts.
pub const LEFT: u32 = 64;
/// Width of a byte.
const BYTE: u32 = 44;
/// Width of a picture.
pub const WIDTH: u32 = LEFT + 16 * BYTE + 4;
const HIGH: u32 = 46;
const BAR: u32 = 34;
const BREAK: u32 = 24;
const CAPTION: u32 = 20;
const HEAD: u32 = 18;
/// Characters of a caption that have room.
const CAPTION_ROOM: usize = 110;

/// What has been drawn so far, and where it ends.
struct Canvas {
    y: u32,
    parts: Vec<Element>,
}

/// The picture of a struct.
#[must_use]
pub fn draw(name: &str, pieces: &[Piece]) -> Element {
    let mut canvas = Canvas { y: 2, parts: Vec::new() };
    if pieces.iter().any(|piece| matches!(piece, Piece::Run(_))) {
        canvas.columns();
    }
    for piece in pieces {
        match piece {
            Piece::Run(run) => canvas.run(run),
            Piece::Bar(bar) => canvas.bar(bar),
        }
    }
    framed(&format!("Bytes of {name}: {}", spoken(pieces)), canvas.y.saturating_add(4), canvas.parts)
}

/// A picture around its parts.
#[must_use]
pub fn framed(label: &str, height: u32, parts: Vec<Element>) -> Element {
    Element::new("svg")
        .set("xmlns", "http://www.w3.org/2000/svg")
        .set("role", "img")
        .set("aria-label", label)
        .set("viewBox", format!("0 0 {WIDTH} {height}"))
        .set("width", WIDTH)
        .set("height", height)
        .set("font-family", "ui-monospace, 'DejaVu Sans Mono', monospace")
        .set("font-size", 11)
        .set("fill", "currentColor")
        .with(parts)
}

/// A box with a name in it, and what is told where a pointer rests on it.
#[must_use]
pub fn boxed(cell: &Cell, shape: Vec<Element>) -> Element {
    let title = Element::new("title").text(&cell.hint);
    match &cell.link {
        // The tables have the same links: these are not for the keyboard.
        Some(link) => Element::new("a").set("href", link).set("tabindex", -1).with([title]).with(shape),
        None => Element::new("g").with([title]).with(shape),
    }
}

/// The filled area of a cell.
#[must_use]
pub fn area(sort: Sort, (x, y): (u32, u32), (width, height): (u32, u32)) -> Element {
    Element::new("rect")
        .set("x", x)
        .set("y", y)
        .set("width", width)
        .set("height", height)
        .set("fill", sort.colour())
        .set("fill-opacity", 0.35)
        .set("stroke", "currentColor")
        .set("stroke-opacity", 0.55)
}

/// Text in the middle of something.
#[must_use]
pub fn centred(x: u32, y: u32, text: &str) -> Element {
    Element::new("text").set("x", x).set("y", y).set("text-anchor", "middle").text(text)
}

impl Canvas {
    /// The numbers of the columns.
    fn columns(&mut self) {
        for column in 0..16_u32 {
            let x = LEFT.saturating_add(column.saturating_mul(BYTE)).saturating_add(BYTE / 2);
            self.parts.push(quiet(centred(x, self.y.saturating_add(11), &format!("{column:x}"))));
        }
        self.y = self.y.saturating_add(HEAD);
    }

    fn caption(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let y = self.y.saturating_add(14);
        let whole = Element::new("title").text(text);
        let shown = Element::new("text").set("x", LEFT).set("y", y).text(cut(text, CAPTION_ROOM)).with([whole]);
        self.parts.push(quiet(shown));
        self.y = self.y.saturating_add(CAPTION);
    }

    fn run(&mut self, run: &Run) {
        self.caption(&run.caption);
        for row in rows(&run.cells) {
            match row {
                Row::Bytes(start, parts) => self.row(run, start, &parts),
                Row::Break(i) => self.cut(run, i),
            }
        }
    }

    fn row(&mut self, run: &Run, start: u64, parts: &[Part]) {
        let offset = if run.is_absolute { hex(start) } else { format!("+{}", hex(start)) };
        self.gutter(&offset, HIGH);
        for part in parts {
            let Some(cell) = run.cells.get(part.cell) else { continue };
            let (x, end) = (column(part.from), column(part.to));
            let size = (end.saturating_sub(x), HIGH);
            let mut area = area(cell.sort, (x, self.y), size);
            if run.is_optional || cell.sort == Sort::Gap {
                area = area.set("stroke-dasharray", "4 3");
            }
            let mut shape = vec![area];
            shape.extend(ticks(cell, (start, part), self.y));
            shape.extend(names(cell, part.is_named, (x, self.y), size.0));
            self.parts.push(boxed(cell, shape));
        }
        self.y = self.y.saturating_add(HIGH);
    }

    /// The middle of a long cell.
    fn cut(&mut self, run: &Run, i: usize) {
        let Some(cell) = run.cells.get(i) else { return };
        let (y, width) = (self.y, column(ROW).saturating_sub(LEFT));
        let area = area(cell.sort, (LEFT, y), (width, BREAK)).set("stroke-dasharray", "2 4");
        let text =
            centred(LEFT.saturating_add(width / 2), y.saturating_add(16), &format!("⋯ {} bytes in all ⋯", cell.len));
        let marks = [LEFT, column(ROW)].map(|x| torn(x, y));
        self.parts.push(boxed(cell, vec![area, text]));
        self.parts.extend(marks);
        self.y = y.saturating_add(BREAK);
    }

    fn bar(&mut self, bar: &Bar) {
        self.caption(&bar.caption);
        self.gutter(&bar.place, BAR);
        let (cell, y) = (&bar.cell, self.y);
        let width = column(ROW).saturating_sub(LEFT);
        let area = area(cell.sort, (LEFT, y), (width, BAR)).set("stroke-dasharray", "6 3");
        let text = format!("{}  {}", cell.name, cell.detail);
        let text = centred(LEFT.saturating_add(width / 2), y.saturating_add(21), &cut(&text, room(width)));
        self.parts.push(boxed(cell, vec![area, text]));
        self.parts.push(torn(column(ROW), y.saturating_add(5)));
        self.y = y.saturating_add(BAR);
    }

    /// An offset at the left.
    fn gutter(&mut self, text: &str, height: u32) {
        let y = self.y.saturating_add(height / 2).saturating_add(4);
        let text =
            Element::new("text").set("x", LEFT.saturating_sub(6)).set("y", y).set("text-anchor", "end").text(text);
        self.parts.push(quiet(text));
    }
}

/// The lines of a cell: its name, and what it is where that has room.
fn names(cell: &Cell, is_named: bool, (x, y): (u32, u32), width: u32) -> Vec<Element> {
    let room = room(width);
    let mut texts = match is_named {
        true => lines(&cell.name, room, 3),
        false if room > 9 => vec![cut(&format!("… {}", cell.name), room)],
        false => Vec::new(),
    };
    let detail = Some(&cell.detail).filter(|detail| is_named && texts.len() < 3 && detail.chars().count() <= room);
    let named = texts.len();
    texts.extend(detail.cloned());
    let count = u32::try_from(texts.len()).unwrap_or(0);
    let top = y.saturating_add(HIGH / 2).saturating_add(11).saturating_sub(count.saturating_mul(7));
    let line = |(i, text): (usize, &String)| {
        let down = u32::try_from(i).unwrap_or(0).saturating_mul(13);
        let element = centred(x.saturating_add(width / 2), top.saturating_add(down), text);
        if is_named && i < named { element } else { quiet(element) }
    };
    texts.iter().enumerate().map(line).collect()
}

/// Short lines between the elements of a list.
fn ticks(cell: &Cell, (start, part): (u64, &Part), y: u32) -> Vec<Element> {
    let Some(step) = cell.step.filter(|step| *step > 0) else { return Vec::new() };
    let starts_element = |byte: &u64| {
        let at = start.saturating_add(*byte);
        at > cell.at && at.saturating_sub(cell.at).checked_rem(step) == Some(0)
    };
    let tick = |byte: u64| {
        let x = column(byte);
        Element::new("path")
            .set("d", format!("M{x} {y}v5M{x} {}v5", y.saturating_add(HIGH).saturating_sub(5)))
            .set("stroke", "currentColor")
            .set("stroke-opacity", 0.55)
    };
    (part.from..part.to).filter(starts_element).map(tick).collect()
}

/// A mark that something goes on.
fn torn(x: u32, y: u32) -> Element {
    Element::new("path")
        .set("d", format!("M{} {y}l8 6l-8 6l8 6l-8 6", x.saturating_sub(4)))
        .set("fill", "none")
        .set("stroke", "currentColor")
}

/// Less to be seen than what is around it.
#[must_use]
pub fn quiet(element: Element) -> Element {
    element.set("fill-opacity", 0.75).set("font-size", 10)
}

fn column(byte: u64) -> u32 {
    LEFT.saturating_add(u32::try_from(byte.min(ROW)).unwrap_or(0).saturating_mul(BYTE))
}

fn bytes(n: u64) -> String {
    if n == 1 { "1 byte".to_owned() } else { format!("{n} bytes") }
}

/// What a picture says, for those who cannot see it.
fn spoken(pieces: &[Piece]) -> String {
    let one = |piece: &Piece| match piece {
        Piece::Run(run) => run.cells.iter().map(|cell| format!("{} {}", cell.name, bytes(cell.len))).collect(),
        Piece::Bar(bar) => vec![format!("{} of variable size", bar.cell.name)],
    };
    pieces.iter().flat_map(one).collect::<Vec<_>>().join(", ")
}
