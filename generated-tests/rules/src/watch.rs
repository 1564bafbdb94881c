//! What an input shows: which things were asked of it, and with what answers.

use std::cell::RefCell;
use std::collections::HashMap;

use vmspec_codegen::interpret::Trouble;
use vmspec_codegen::interpret::trace::{Aspect, Observer, Seen};
use vmspec_generated_tests::differential::Subject;

use crate::targets::Asked;

/// One answer to one thing: twice its index, and one more where it holds.
pub type Answer = usize;

/// Indices of all that is asked, by what the interpreter tells.
#[derive(Debug)]
pub struct Index(HashMap<(Aspect, usize), usize>);

impl Index {
    /// Of what is asked by the model that the interpreter reads with.
    pub fn new(asked: &[Asked]) -> Self {
        Self(asked.iter().enumerate().map(|(i, asked)| ((asked.aspect, asked.of), i)).collect())
    }
}

/// What came of an input.
#[derive(Debug)]
pub struct Shown {
    /// Why it is refused, where it is.
    pub refused: Option<Trouble>,
    /// The answers that count, with the place of the first time of each.
    pub answers: Vec<(Answer, u64)>,
    /// All answers, whether or not they count.
    pub all: Vec<(Answer, u64)>,
}

struct Watch<'i> {
    index: &'i Index,
    /// The place of the last time that an answer was given.
    seen: RefCell<HashMap<Answer, u64>>,
}

impl Observer for Watch<'_> {
    fn saw(&self, seen: Seen) {
        if let Some(index) = self.index.0.get(&(seen.aspect, seen.of)) {
            self.seen.borrow_mut().insert(answer(*index, seen.held), seen.at);
        }
    }
}

/// One answer to the thing of an index.
pub fn answer(index: usize, held: bool) -> Answer {
    index.saturating_mul(2).saturating_add(usize::from(held))
}

/// Reads an input and says what it shows.
pub fn look(subject: &Subject<'_>, (asked, index): (&[Asked], &Index), bytes: &[u8]) -> Shown {
    let watch = Watch { index, seen: RefCell::new(HashMap::new()) };
    let refused = subject.read_watched(bytes, &watch).error;
    let mut all: Vec<_> = watch.seen.take().into_iter().collect();
    all.sort_unstable();
    let counts = |(answer, _): &&(Answer, u64)| refused.is_none() || refuses(asked, *answer);
    let answers = all.iter().filter(counts).copied().collect();
    Shown { refused, answers, all }
}

/// What holds counts where all of the value is taken. That something does not hold is why another value is refused, but for
/// what only chooses between two ways of a value, or gives a finding.
fn refuses(asked: &[Asked], answer: Answer) -> bool {
    answer.is_multiple_of(2) && asked.get(answer / 2).is_some_and(|asked| !asked.keeps)
}
