//! A table of a group.

use std::fmt::{self, Display, Formatter};

use crate::rounds::Measured;

/// Its cases, with how they compare with the first one.
pub struct Table<'a>(pub &'a Measured);

impl Display for Table<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Measured { title, name, cases, bytes, skipped } = self.0;
        writeln!(f, "### {title} (`{name}`)\n")?;
        if let Some(why) = skipped {
            return writeln!(f, "Skipped: {why}.");
        }
        writeln!(f, "| case | median | GB/s | times as fast as the first |")?;
        writeln!(f, "|---|--:|--:|--:|")?;
        for case in cases {
            let (once, ratio) = (case.once(), case.faster_than(&cases[0]));
            let speed = *bytes as f64 / once / 1e9;
            writeln!(f, "| {} | {} | {speed:.2} | {ratio:.2} |", case.title, shown(once))?;
        }
        Ok(())
    }
}

/// A time in the unit that suits it.
pub fn shown(seconds: f64) -> String {
    match seconds {
        s if s < 1e-6 => format!("{:.0} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.1} µs", s * 1e6),
        s if s < 1.0 => format!("{:.2} ms", s * 1e3),
        s => format!("{s:.2} s"),
    }
}
