//! The cells of a run in rows of 16 bytes. A cell of many rows is cut: its first and last row are shown.

use super::plan::Cell;

/// Bytes in a row.
pub const ROW: u64 = 16;
/// Rows of one cell that are all shown.
const WHOLE: u64 = 3;

/// A row.
#[derive(Debug, PartialEq, Eq)]
pub enum Row {
    /// Bytes from an offset on, and the parts of cells in it.
    Bytes(u64, Vec<Part>),
    /// The middle of a long cell.
    Break(usize),
}

/// The part of a cell that lies in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Index of the cell.
    pub cell: usize,
    /// First column.
    pub from: u64,
    /// Behind its last column.
    pub to: u64,
    /// Whether the cell's name stands here.
    pub is_named: bool,
}

/// The rows of cells that follow each other.
#[must_use]
pub fn rows(cells: &[Cell]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for (i, cell) in cells.iter().enumerate() {
        let (first, last) = (cell.at / ROW, cell.at.saturating_add(cell.len).saturating_sub(1) / ROW);
        let is_cut = last.saturating_sub(first) >= WHOLE;
        let shown: Vec<u64> = if is_cut { vec![first, last] } else { (first..=last).collect() };
        let named = shown.iter().copied().rev().max_by_key(|row| width(cell, *row)).unwrap_or(first);
        for row in shown {
            if is_cut && row == last {
                rows.push(Row::Break(i));
            }
            put(&mut rows, row, part(i, cell, row, row == named));
        }
    }
    rows
}

fn put(rows: &mut Vec<Row>, row: u64, part: Part) {
    let at = row.saturating_mul(ROW);
    match rows.last_mut() {
        Some(Row::Bytes(start, parts)) if *start == at => parts.push(part),
        _ => rows.push(Row::Bytes(at, vec![part])),
    }
}

fn part(cell: usize, of: &Cell, row: u64, is_named: bool) -> Part {
    let start = row.saturating_mul(ROW);
    let from = of.at.saturating_sub(start);
    let to = of.at.saturating_add(of.len).saturating_sub(start).min(ROW);
    Part { cell, from, to, is_named }
}

fn width(cell: &Cell, row: u64) -> u64 {
    let part = part(0, cell, row, false);
    part.to.saturating_sub(part.from)
}

#[cfg(test)]
mod tests {
    use super::super::sort::Sort;
    use super::*;

    fn cell(at: u64, len: u64) -> Cell {
        let text = String::new;
        Cell { at, len, name: text(), detail: text(), hint: text(), sort: Sort::Number, link: None, step: None }
    }

    fn named(cell: usize, from: u64, to: u64, is_named: bool) -> Part {
        Part { cell, from, to, is_named }
    }

    #[test]
    fn cells_go_over_the_end_of_a_row() {
        let found = rows(&[cell(0, 12), cell(12, 6)]);
        let first = vec![named(0, 0, 12, true), named(1, 12, 16, true)];
        assert_eq!(found, [Row::Bytes(0, first), Row::Bytes(16, vec![named(1, 0, 2, false)])]);
    }

    #[test]
    fn long_cells_are_cut() {
        let found = rows(&[cell(8, 4000), cell(4008, 8)]);
        let last = vec![named(0, 0, 8, false), named(1, 8, 16, true)];
        assert_eq!(found, [Row::Bytes(0, vec![named(0, 8, 16, true)]), Row::Break(0), Row::Bytes(4000, last)]);
    }

    #[test]
    fn a_cell_at_the_end_of_all_offsets_is_no_endless_list() {
        assert_eq!(rows(&[cell(u64::MAX - 1, u64::MAX)]).len(), 1);
    }
}
