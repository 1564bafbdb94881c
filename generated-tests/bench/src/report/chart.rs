//! Bars: how many times as fast as binrw's derive the cases of a few groups are. For light and for dark pages.

use std::fmt::Write;

use crate::rounds::{Measured, Timed};

const GROUPS: [&str; 4] = ["descriptors", "header", "sections", "pages"];
const WIDTH: usize = 820;
/// Where bars start, and how long the longest is.
const START: usize = 350;
const LONGEST: f64 = 400.0;
const ROW: usize = 22;
const HEAD: usize = 40;
const STYLE: &str = "\
text{font:13px sans-serif;fill:#1f2328}.h{font-weight:bold}.o{fill:#9aa4af}.g{fill:#2f6fd0}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.o{fill:#6e7781}.g{fill:#58a6ff}}";

/// The chart.
pub fn drawn(measured: &[Measured]) -> String {
    let groups = GROUPS.iter().filter_map(|name| measured.iter().find(|it| it.name == *name));
    let (mut bars, mut y) = (String::new(), 0);
    for group in groups {
        y += HEAD;
        let title = &group.title;
        let _ = writeln!(
            bars,
            "<text class=\"h\" x=\"8\" y=\"{}\">{title}: times as fast as binrw's derive</text>",
            y - 12
        );
        let shown = shown(group);
        let most = shown.iter().fold(1.0, |most, (_, ratio)| ratio.max(most));
        for (case, ratio) in shown {
            bar(&mut bars, y, case, ratio, most);
            y += ROW;
        }
    }
    let height = y + 12;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\">\n<style>{STYLE}</style>\n{bars}</svg>\n"
    )
}

/// The cases of a group that do all of its work, with their ratios.
fn shown(group: &Measured) -> Vec<(&Timed, f64)> {
    let cases = group.cases.iter().filter(|it| it.whole);
    cases.map(|it| (it, it.faster_than(&group.cases[0]))).collect()
}

fn bar(to: &mut String, y: usize, case: &Timed, ratio: f64, most: f64) {
    let class = if case.title.starts_with("generated") { 'g' } else { 'o' };
    let length = (ratio / most * LONGEST).max(1.0);
    let title = case.title.replace('`', "");
    let _ = writeln!(to, "<text x=\"16\" y=\"{}\">{title}</text>", y + 13);
    let _ = writeln!(to, "<rect class=\"{class}\" x=\"{START}\" y=\"{y}\" width=\"{length:.0}\" height=\"16\"/>");
    let _ = writeln!(to, "<text x=\"{:.0}\" y=\"{}\">{ratio:.1}</text>", START as f64 + length + 6.0, y + 13);
}
