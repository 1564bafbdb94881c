//! Where to change inputs: at names and cases that were not met, and near the rules that were not kept or broken.

use vmspec_codegen::model::{Ahead, Body, Expr, ExprKind, Field, Format, Label, Until};

use super::edits::spliced;
use super::mend::set;
use super::sites::Place;
use super::values::{named, near, wire};
use super::{Craft, Item, LARGE};
use crate::targets::numbers;
use crate::watch::{Answer, answer};

/// What stands in front of the end of a text.
const PATHS: [&str; 2] = ["0", "0000:00:05.0"];
/// Zeros behind a case that was not met.
const ROOM: usize = 10_000;
/// Texts are changed in inputs of up to so many bytes.
const SHORT: usize = 120;
/// How many places near a rule are changed.
const NEAR: usize = 16;
/// And of how many each bit is turned.
const TURNED: usize = 3;

impl Craft<'_> {
    /// Goes to names, cases and lists that were not met, from inputs behind the first so many.
    pub(super) fn explore(&mut self, from: usize) {
        let mut next = from;
        while let Some(item) = self.pool.get(next).cloned() {
            next = next.saturating_add(1);
            if item.bytes.len() > LARGE {
                continue;
            }
            self.names(&item);
            if next <= self.model.bases.len() && item.bytes.len() <= SHORT {
                self.texts(&item);
            }
            self.subsections(&item);
            if self.is_done() {
                break;
            }
        }
    }

    /// Values with a name, at all places of their kind.
    fn names(&mut self, item: &Item) {
        for place in item.places.iter().filter(|place| !place.keys.is_empty()) {
            for way in set(&item.bytes, place, &named(place)) {
                self.go_on(item.base, &way);
            }
        }
    }

    /// Looks at bytes, and mends them where that shows something new.
    pub(super) fn go_on(&mut self, base: usize, bytes: &[u8]) {
        let Some(shown) = self.attempt(base, bytes) else { return };
        let refused = shown.refused.is_some() && !self.fill(base, bytes);
        let goals =
            shown.all.iter().map(|(answer, _)| *answer).filter(|it| self.is_wanted(*it) && !self.done.contains(it));
        let goals: Vec<Answer> = goals.collect();
        if let (true, Some(first), Some(last)) = (refused, goals.first(), goals.last())
            && !self.mend(base, bytes, *first)
        {
            self.mend(base, bytes, *last);
        }
    }

    /// The labels of switches on text that were not taken, at all texts; with numbers that conditions of cases name behind.
    fn texts(&mut self, item: &Item) {
        let Some(format) = self.model.format(item.base) else { return };
        let labels = self.labels(format, item);
        for (i, place) in item.places.iter().enumerate().filter(|(_, place)| place.text.is_some()) {
            let later: Vec<Place> = item.places.iter().skip(i.saturating_add(1)).take(3).cloned().collect();
            for (label, versions) in &labels {
                self.label(item, (place, &later), (label, versions));
            }
        }
    }

    fn label(&mut self, item: &Item, (place, later): (&Place, &[Place]), (label, versions): (&[u8], &[i128])) {
        let text = prefixed(label, place.text.unwrap_or(1));
        for other in later.iter().filter(|other| (1..=8).contains(&other.len)) {
            for version in versions {
                let head = spliced(&item.bytes, other.at, other.len, &wire(*version, other.len, true));
                let head = head.get(..other.at.saturating_add(other.len)).unwrap_or_default();
                let bytes = [&spliced(head, place.at, place.len, &text), [0; ROOM].as_slice()].concat();
                self.go_on(item.base, &bytes);
            }
        }
    }

    /// Labels of cases that were not taken, each with the numbers of its condition.
    fn labels(&self, format: &Format, item: &Item) -> Vec<(Vec<u8>, Vec<i128>)> {
        let open: Vec<String> = self.open_cases();
        let asked = self.model.asked();
        let near: Vec<&str> =
            item.all.keys().filter_map(|it| Some(asked.get(it / 2)?.place.rsplit_once('.')?.0)).collect();
        let mut out = Vec::new();
        for ty in &format.types {
            let Body::Union(union) = &ty.body else { continue };
            if !near.contains(&ty.name.as_str()) {
                continue;
            }
            for case in union.cases.iter().filter(|case| open.contains(&format!("{}.{}", ty.name, case.written))) {
                let texts = match &case.label {
                    Label::Text(text) => vec![text.clone()],
                    Label::TextEnding(text) => PATHS.iter().map(|path| format!("{path}/{text}")).collect(),
                    _ => continue,
                };
                let mut versions = case.when.as_ref().map_or_else(|| vec![1], numbers);
                versions.extend([0, 1, 99]);
                versions.sort_unstable();
                versions.dedup();
                out.extend(texts.into_iter().map(|text| (text.into_bytes(), versions.clone())));
            }
        }
        out
    }

    /// The places of cases of which an answer is missing.
    fn open_cases(&self) -> Vec<String> {
        let asked = self.model.asked().iter().enumerate();
        let open = asked.filter(|(i, asked)| {
            let missing = |held| self.is_wanted(answer(*i, held)) && !self.done.contains(&answer(*i, held));
            asked.aspect == vmspec_codegen::interpret::trace::Aspect::Case && (missing(true) || missing(false))
        });
        open.map(|(_, asked)| asked.place.clone()).collect()
    }

    /// What is told by its first byte and a text, where a list of such ends.
    fn subsections(&mut self, item: &Item) {
        let Some(format) = self.model.format(item.base) else { return };
        let open = self.open_cases();
        let asked: Vec<(usize, usize)> = self
            .model
            .asked()
            .iter()
            .enumerate()
            .filter(|(_, it)| {
                it.aspect == vmspec_codegen::interpret::trace::Aspect::GoesOn
                    || it.aspect == vmspec_codegen::interpret::trace::Aspect::Unlike
            })
            .map(|(i, it)| (i, it.of))
            .collect();
        for (index, of) in asked {
            let ends = item.all.get(&answer(index, false)).or_else(|| item.all.get(&answer(index, true)));
            let Some(at) = ends.and_then(|at| usize::try_from(*at).ok()) else { continue };
            let Some((tag, labels)) = followers(format, of, &open) else { continue };
            for label in labels {
                let versions: [i128; 4] = [1, 2, 3, 99];
                for version in versions {
                    let head = item.bytes.get(..at).unwrap_or_default();
                    let part = [&[tag], prefixed(&label, 1).as_slice(), &wire(version, 4, true)].concat();
                    let bytes = [head, &part, &[0; ROOM]].concat();
                    self.go_on(item.base, &bytes);
                }
            }
        }
    }

    /// Other values with a name in inputs in which something was asked that has an answer missing.
    pub(super) fn rename(&mut self) {
        for of in self.missing() {
            for item in self.nearest(of, 0) {
                if !self.done.contains(&of) && item.accepted {
                    self.names(&item);
                }
            }
        }
    }

    /// Changes inputs near all that has an answer missing.
    pub(super) fn aim(&mut self, round: usize) {
        for of in self.missing() {
            if self.done.contains(&of) {
                continue;
            }
            for item in self.nearest(of, round) {
                self.aim_at(of, &item);
                if self.done.contains(&of) {
                    break;
                }
            }
        }
    }

    /// The smallest inputs in which the thing was asked; accepted ones first.
    fn nearest(&self, of: Answer, round: usize) -> Vec<Item> {
        let with = |item: &&Item| item.all.contains_key(&of) || item.all.contains_key(&(of ^ 1));
        let mut all: Vec<&Item> = self.pool.iter().filter(with).collect();
        all.sort_by_key(|item| (!item.accepted, item.bytes.len()));
        all.into_iter().skip(round.saturating_mul(2)).take(2).cloned().collect()
    }

    fn aim_at(&mut self, of: Answer, item: &Item) {
        let Some(asked) = self.model.asked().get(of / 2) else { return };
        let at = item.all.get(&(of ^ 1)).or_else(|| item.all.get(&of)).copied().unwrap_or(0);
        let at = usize::try_from(at).unwrap_or(0);
        let mut hints = asked.hints.clone();
        hints.extend(super::values::in_text(&asked.text));
        let mut places: Vec<&Place> = item.places.iter().collect();
        places.sort_by_key(|place| place.at.abs_diff(at).min(place.at.saturating_add(place.len).abs_diff(at)));
        let most = if item.bytes.len() > LARGE { NEAR / 2 } else { NEAR };
        for way in grown(&item.bytes, at) {
            self.hit(of, item, &way);
        }
        for (i, place) in places.into_iter().take(most).enumerate() {
            for way in set(&item.bytes, place, &near(&item.bytes, place, &hints, i < TURNED)) {
                if self.hit(of, item, &way) {
                    return;
                }
            }
        }
    }

    /// Looks at bytes; with sums worked out again where a sum is wrong, and mended where they show what is missing.
    fn hit(&mut self, of: Answer, item: &Item, bytes: &[u8]) -> bool {
        let Some(shown) = self.attempt(item.base, bytes) else { return self.done.contains(&of) };
        if self.done.contains(&of) {
            return true;
        }
        let met = shown.all.iter().any(|(answer, _)| *answer == of);
        if met {
            self.mend(item.base, bytes, of);
        } else if let Some(summed) = self.summed(item.base, bytes) {
            self.attempt(item.base, &summed);
        }
        self.done.contains(&of)
    }
}

/// Bytes more or less at a place.
fn grown(bytes: &[u8], at: usize) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    for at in [at, at.saturating_sub(1), at.saturating_add(1)] {
        out.extend([spliced(bytes, at, 1, &[]), spliced(bytes, at, 0, &[0]), spliced(bytes, at, 0, &[0xff])]);
        out.push(spliced(bytes, at, 1, &[0xff]));
        out.push(spliced(bytes, at, 1, &[0]));
        out.push(bytes.get(..at.min(bytes.len())).unwrap_or_default().to_vec());
    }
    out
}

fn prefixed(text: &[u8], len: u32) -> Vec<u8> {
    let count = i128::try_from(text.len()).unwrap_or(0);
    [wire(count, usize::try_from(len).unwrap_or(1), true), text.to_vec()].concat()
}

/// The byte in front, and the labels of those that can follow, of a list or of a field that none may follow.
fn followers(format: &Format, of: usize, open: &[String]) -> Option<(u8, Vec<Vec<u8>>)> {
    let fields = format.types.iter().filter_map(|ty| ty.as_struct()).flat_map(|s| &s.fields);
    let field = fields.into_iter().find(|field| vmspec_codegen::interpret::trace::identity(*field) == of)?;
    let condition = match (&field.repeat, &field.unlike) {
        (Some(repeat), _) => match &repeat.until {
            Until::While(that) => that,
            _ => return None,
        },
        (None, Some(that)) => that,
        _ => return None,
    };
    let (tag, prefix) = tagged(condition)?;
    let mut labels = labels_of(format, field, open);
    // One of another name, which there is no case for.
    labels.push([prefix.as_slice(), b"/other"].concat());
    Some((tag, labels))
}

fn tagged(e: &Expr) -> Option<(u8, Vec<u8>)> {
    match &e.kind {
        ExprKind::Ahead(Ahead::Tagged(tag, prefix)) => Some((*tag, prefix.clone())),
        _ => None,
    }
}

/// The labels of the switch in the elements of a list that were not taken.
fn labels_of(format: &Format, field: &Field, open: &[String]) -> Vec<Vec<u8>> {
    let Some(element) = field.type_id().and_then(|id| format.ty(id).as_struct()) else { return Vec::new() };
    let mut out = Vec::new();
    for id in element.fields.iter().filter_map(Field::type_id) {
        let Body::Union(union) = &format.ty(id).body else { continue };
        for case in &union.cases {
            if let Label::Text(text) = &case.label
                && open.contains(&format!("{}.{}", format.ty(id).name, case.written))
            {
                out.push(text.clone().into_bytes());
            }
        }
    }
    out
}
