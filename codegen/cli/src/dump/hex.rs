//! A file's bytes with what they are: sixteen to a row, each field from a row of its own on, in the columns where its bytes lie.

use std::io::{self, Write};

use anstyle::Style;
use vmspec_codegen::interpret::Value;

use super::palette::Palette;
use super::quote::Digits;
use super::spans::{self, Span};
use super::value::size;
use super::view::View;
use super::walk::behind_cases;
use crate::plural::plural;

/// Bytes to a row.
const ROW: u64 = 16;
/// How much is compared at a time.
const STEP: u64 = 64 << 10;
/// Rows of payload that are shown of a field.
const PAYLOAD: u64 = 2;
/// The room for a value behind the name.
const VALUE: usize = 40;

/// Writes the rows of everything below the top.
pub fn write(view: &View<'_>, palette: &Palette, out: &mut dyn Write) -> io::Result<()> {
    super::text::heading(view, palette, out)?;
    let digits = format!("{:x}", view.reading.end.max(view.top.node.end())).len().max(8);
    let mut rows = Rows { view, palette, digits, around: None, turn: 0, next: view.top.node.at, out };
    spans::each(&view.top, &mut view.path.clone(), &mut |span| rows.span(&span))?;
    rows.behind()?;
    super::marks::summary(view, palette, rows.out)
}

struct Rows<'v, 'a> {
    view: &'v View<'a>,
    palette: &'v Palette,
    /// Digits of an offset.
    digits: usize,
    /// The path of what the last field lies in.
    around: Option<String>,
    /// How many fields there were: their colours take turns.
    turn: usize,
    /// Where the last field ends.
    next: u64,
    out: &'v mut dyn Write,
}

/// Bytes that are shown alike: where, in which colour, how many of them at most.
struct Run<'r> {
    at: u64,
    len: u64,
    style: Style,
    /// Rows after which only the last is shown.
    most: u64,
    /// What stands behind the first row.
    label: &'r str,
}

impl Rows<'_, '_> {
    fn span(&mut self, span: &Span<'_, '_>) -> io::Result<()> {
        self.heading(span.around)?;
        let (name, len) = (self.palette.name, span.look.node.len);
        let content = behind_cases(span.look).1;
        let value = match content.as_ref().map(|content| &content.node.value) {
            // What it holds is there to be read on the left.
            Some(Value::Bytes(_) | Value::Text(_) | Value::Utf16(_) | Value::Blob(_)) => plural(len, "byte"),
            _ => self.view.writer(VALUE).value(span.look),
        };
        let label = format!("{name}{}{name:#}  {value}", span.name);
        let payload = content.is_some_and(|content| matches!(content.node.value, Value::Blob(_) | Value::Lazy(_)));
        let most = if payload && !self.view.all { PAYLOAD } else { u64::MAX };
        let style = self.next_style();
        self.next = span.look.node.end();
        self.run(&Run { at: span.look.node.at, len: span.look.node.len, style, most, label: &label })
    }

    /// The path of what the next fields lie in, where that is another one.
    fn heading(&mut self, around: &str) -> io::Result<()> {
        if self.around.as_deref() == Some(around) {
            return Ok(());
        }
        let name = self.palette.name;
        self.around = Some(around.to_owned());
        let shown = if around.is_empty() { self.view.top.written() } else { around.to_owned() };
        writeln!(self.out, "{name}{shown}{name:#}")
    }

    fn next_style(&mut self) -> Style {
        let turn = self.turn.checked_rem(self.palette.spans.len()).unwrap_or(0);
        self.turn = self.turn.wrapping_add(1);
        self.palette.spans.get(turn).copied().unwrap_or_default()
    }

    /// What belongs to no field: where reading stopped, and what the file has behind the value.
    fn behind(&mut self) -> io::Result<()> {
        let (reading, behind) = (self.view.reading, self.view.behind());
        if !self.view.path.is_empty() {
            return Ok(());
        }
        let most = if self.view.all { u64::MAX } else { PAYLOAD };
        let refused = Run { at: self.next, len: 0, style: self.palette.error, most, label: "refused" };
        self.run(&Run { len: reading.end.saturating_sub(self.next), ..refused })?;
        let label = if reading.error.is_some() { "not read" } else { "behind the value" };
        self.run(&Run { at: reading.end, len: behind, style: self.palette.aside, most, label })
    }

    /// Rows of sixteen, cut where the file's rows of sixteen are.
    fn run(&mut self, run: &Run<'_>) -> io::Result<()> {
        let end = run.at.saturating_add(run.len);
        let (mut at, mut shown, mut before) = (run.at, 0_u64, Vec::new());
        while at < end {
            let to = if shown >= run.most { last_row(end) } else { self.like(&before, at, end) };
            // One row that says it is left out takes as much room as the row.
            if to.saturating_sub(at) > ROW {
                self.left_out(to.saturating_sub(at), shown < run.most)?;
                at = to;
            }
            let next = row_end(at).min(end);
            let bytes = self.read(at, next);
            self.row(at, &bytes, run.style, if shown == 0 { run.label } else { "" })?;
            (at, shown, before) = (next, shown.saturating_add(1), bytes);
        }
        Ok(())
    }

    /// How far the rows are the same as the one before. The last one counts as another.
    fn like(&self, before: &[u8], from: u64, end: u64) -> u64 {
        let (mut at, mut step, last) = (from, ROW, last_row(end));
        if self.view.all || before.len() != 16 {
            return from;
        }
        while at < last {
            let bytes = self.read(at, at.saturating_add(step).min(last));
            let same = bytes.chunks(16).take_while(|row| *row == before).map(<[u8]>::len).sum();
            at = at.saturating_add(size(same));
            if bytes.is_empty() || same < bytes.len() {
                break;
            }
            // One row alike may be the first of very many.
            step = STEP;
        }
        at
    }

    fn left_out(&mut self, count: u64, same: bool) -> io::Result<()> {
        let (width, aside) = (self.digits, self.palette.aside);
        let same = if same { " like these" } else { "" };
        writeln!(self.out, "{aside}{:width$}  ... {count} more bytes{same}{aside:#}", "")
    }

    /// Bytes of one row. Of a file that has become shorter since then there are none.
    fn read(&self, from: u64, to: u64) -> Vec<u8> {
        let mut bytes = vec![0; usize::try_from(to.saturating_sub(from)).unwrap_or(0)];
        let read = self.view.bytes.read_at(from, &mut bytes);
        read.map_or_else(|_| Vec::new(), |()| bytes)
    }

    fn row(&mut self, at: u64, bytes: &[u8], style: Style, label: &str) -> io::Result<()> {
        let column = usize::try_from(at % ROW).unwrap_or(0);
        let (digits, aside) = (self.digits, self.palette.aside);
        let indent = column.saturating_mul(3).saturating_add(usize::from(column >= 8));
        let hex = pairs(column, bytes);
        let text: String = bytes.iter().map(|b| shown(*b)).collect();
        let used = indent.saturating_add(hex.len());
        let gap = 51_usize.saturating_sub(used);
        write!(self.out, "{aside}{at:0digits$x}{aside:#}  {:indent$}{style}{hex}{style:#}", "")?;
        write!(self.out, "{:gap$}{:column$}{style}{text}{style:#}", "", "")?;
        if label.is_empty() {
            return writeln!(self.out);
        }
        let gap = 18_usize.saturating_sub(column.saturating_add(bytes.len()));
        writeln!(self.out, "{:gap$}{label}", "")
    }
}

/// Where the row of sixteen ends that a byte lies in.
fn row_end(at: u64) -> u64 {
    (at / ROW).saturating_add(1).saturating_mul(ROW)
}

/// Where the last row starts of what ends at `end`.
fn last_row(end: u64) -> u64 {
    row_end(end.saturating_sub(1)).saturating_sub(ROW)
}

/// Bytes in hex from a column on, with a wider gap in the middle of the row.
fn pairs(column: usize, bytes: &[u8]) -> String {
    let mut out = String::new();
    for (i, byte) in bytes.iter().enumerate() {
        let gap = match (i, column.saturating_add(i)) {
            (0, _) => "",
            (_, 8) => "  ",
            _ => " ",
        };
        out.push_str(gap);
        out.push_str(&Digits(&[*byte]).to_string());
    }
    out
}

fn shown(byte: u8) -> char {
    if byte.is_ascii_graphic() || byte == b' ' { char::from(byte) } else { '.' }
}
