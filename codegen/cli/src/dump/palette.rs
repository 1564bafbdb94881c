//! Colours of what is dumped; without colour, none at all.

use anstyle::{AnsiColor, Style};

/// A style for each kind of thing.
#[derive(Debug, Clone, Default)]
pub struct Palette {
    /// What a value was read from.
    pub heading: Style,
    /// Names of fields.
    pub name: Style,
    /// Offsets, sizes, notes: what stands beside a value.
    pub aside: Style,
    /// Findings.
    pub finding: Style,
    /// The error.
    pub error: Style,
    /// Spans of bytes, in turn. Never empty of meaning: the first is used where there is one colour.
    pub spans: [Style; 4],
}

impl Palette {
    /// For a terminal, or for a pipe.
    pub fn new(colored: bool) -> Self {
        if !colored {
            return Self::default();
        }
        let plain = |color: AnsiColor| color.on_default();
        Self {
            heading: Style::new().bold(),
            name: plain(AnsiColor::Cyan),
            aside: Style::new().dimmed(),
            finding: plain(AnsiColor::Yellow).bold(),
            error: plain(AnsiColor::Red).bold(),
            spans: [AnsiColor::Green, AnsiColor::Cyan, AnsiColor::Yellow, AnsiColor::Magenta].map(plain),
        }
    }
}
