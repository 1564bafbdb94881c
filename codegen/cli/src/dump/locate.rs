//! Which field holds a byte.

use vmspec_codegen::interpret::{Look, Value};

use super::walk::{Inside, behind_cases, enter, inside};

/// A field on the way to a byte.
pub struct Around<'a> {
    /// The field.
    pub look: Look<'a>,
    /// Its path.
    pub path: String,
}

/// What is known of a byte.
pub enum Found<'a> {
    /// The fields around it, outermost first: the last holds it itself.
    In(Vec<Around<'a>>),
    /// It lies in the last of these, behind one field and before another.
    Between(Vec<Around<'a>>, Box<Sides<'a>>),
}

/// The fields on both sides of a byte.
pub struct Sides<'a> {
    /// The one before it.
    pub before: Option<Around<'a>>,
    /// The one behind it.
    pub behind: Option<Around<'a>>,
}

/// What is next on the way.
enum Step<'a> {
    Here,
    In(Look<'a>),
    Between(Option<Look<'a>>, Option<Look<'a>>),
}

/// Goes down from a field to the one in it that holds a byte. Lists of plain integers and the integer of bits are not
/// looked into.
pub fn find<'a>(top: &Look<'a>, path: &str, offset: u64) -> Found<'a> {
    let mut around = vec![Around { look: top.clone(), path: path.to_owned() }];
    loop {
        let Some(here) = around.last() else { return Found::In(around) };
        let below = |look: Look<'a>| {
            let mut path = here.path.clone();
            enter(&mut path, &look);
            Around { look, path }
        };
        let content = behind_cases(&here.look).1;
        match content.map_or(Step::Here, |content| step(&content, offset)) {
            Step::Here => return Found::In(around),
            Step::Between(before, behind) => {
                let sides = Sides { before: before.map(below), behind: behind.map(below) };
                return Found::Between(around, Box::new(sides));
            }
            Step::In(next) => {
                let next = below(next);
                around.push(next);
            }
        }
    }
}

fn step<'a>(content: &Look<'a>, offset: u64) -> Step<'a> {
    match inside(content) {
        Inside::Fields(_) if matches!(content.node.value, Value::Bits(_)) => Step::Here,
        Inside::Fields(mut fields) => {
            fields.retain(|field| field.node.len > 0);
            among(fields.len(), &|i| fields.get(i).cloned(), offset)
        }
        Inside::Elements(elements) => among(elements.count(), &|i| elements.get(i), offset),
        Inside::Numbers(_) | Inside::Nothing => Step::Here,
    }
}

/// The one of several fields, in the order of their places, that holds the byte.
fn among<'a>(count: usize, get: &dyn Fn(usize) -> Option<Look<'a>>, offset: u64) -> Step<'a> {
    // How many start at the byte or before it.
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        if get(middle).is_some_and(|look| look.node.at <= offset) {
            low = middle.saturating_add(1);
        } else {
            high = middle;
        }
    }
    let before = low.checked_sub(1).and_then(get);
    match before {
        Some(look) if offset < look.node.end() => Step::In(look),
        before => Step::Between(before, get(low)),
    }
}
