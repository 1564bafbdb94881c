//! Damaged inputs: at random, and with values at the limits of what the spec says, the same for a seed.

use std::collections::BTreeSet;

use vmspec_generated_tests::crafted::told;
use vmspec_generated_tests::differential::{Dice, Seed, mutated};

use super::run::{Input, sum};
use crate::craft::{near, places, spliced};
use crate::model::Model;
use crate::options::Options;

/// Inputs that are larger are not damaged.
const SMALL: usize = 9_000;

/// Inputs that the tests hold, damaged.
pub fn damage(of: &Model, known: &[Input], options: &Options) -> Vec<Input> {
    let small: Vec<&Input> = known.iter().filter(|input| input.bytes.len() <= SMALL).collect();
    let each = options.damage.checked_div(small.len()).unwrap_or(0);
    let numbers: BTreeSet<i128> = of.asked().iter().flat_map(|asked| asked.hints.iter().copied()).collect();
    let numbers: Vec<i128> = numbers.into_iter().collect();
    let mut dice = Dice::new(options.seed);
    let mut out = Vec::new();
    for input in small {
        let all = of_input(of, input, (each, &numbers), &mut dice).unwrap_or_default();
        for bytes in all {
            let Some(outcome) = of.outcome(input.base, &bytes) else { continue };
            let (told, sum) = (told(&outcome, &bytes), sum(&outcome));
            out.push(Input { base: input.base, bytes, told, sum });
        }
    }
    out
}

/// So many inputs made of one.
fn of_input(
    of: &Model,
    input: &Input,
    (count, numbers): (usize, &[i128]),
    dice: &mut Dice,
) -> Option<BTreeSet<Vec<u8>>> {
    let format = of.format(input.base)?;
    let subject = of.bases.get(input.base)?.subject(format)?;
    let places = places(format, &subject.read(&input.bytes).root);
    let seed = Seed { name: String::new(), bytes: input.bytes.clone(), sites: subject.sites(&input.bytes) };
    let mut out = BTreeSet::new();
    for i in 0..count {
        let bytes = match (i % 3, places.get(dice.below(places.len()))) {
            (1 | 2, Some(place)) => {
                let hints = [dice.pick(numbers).unwrap_or(0), dice.pick(numbers).unwrap_or(0)];
                let values = near(&input.bytes, place, &hints, true);
                let value = values.get(dice.below(values.len())).cloned().unwrap_or_default();
                spliced(&input.bytes, place.at, place.len, &value)
            }
            _ => mutated(&seed, dice),
        };
        out.insert(bytes);
    }
    Some(out)
}
