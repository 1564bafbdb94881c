//! Names that fit into a cell.

/// Width of a character of a name.
const CHARACTER: f64 = 6.7;

/// How many characters go into so many units.
#[must_use]
pub fn room(width: u32) -> usize {
    // A share of a number that fits.
    let characters = f64::from(width.saturating_sub(4)) / CHARACTER;
    (0..200_u32).take_while(|n| f64::from(n.saturating_add(1)) <= characters).count()
}

/// A text cut to so many characters.
#[must_use]
pub fn cut(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let kept: String = text.chars().take(room.saturating_sub(1)).collect();
    format!("{kept}…")
}

/// A name in at most so many lines: broken behind `_` and `.` where that helps, the last line cut.
#[must_use]
pub fn lines(name: &str, room: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for part in name.split_inclusive(['_', '.']) {
        let is_full = |line: &String| line.chars().count().saturating_add(part.chars().count()) > room;
        if lines.last().is_some_and(|line| !line.is_empty() && is_full(line)) && lines.len() < most {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(part);
        }
    }
    lines.iter().map(|line| cut(line, room)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_broken_where_words_end() {
        assert_eq!(lines("cookie_offset", 8, 3), ["cookie_", "offset"]);
        assert_eq!(lines("cookie_offset", 20, 3), ["cookie_offset"]);
        assert_eq!(lines("a_long_name_of_four", 5, 3), ["a_", "long_", "name…"]);
        assert_eq!(lines("extraordinary", 6, 3), ["extra…"]);
    }

    #[test]
    fn wide_cells_have_room() {
        assert_eq!(room(44), 5);
        assert_eq!(room(2), 0);
    }
}
