//! Large examples with changes: an input says which example and what is changed in it, so that it is small where the bytes are not.
//! Offsets are those of values that the interpreter finds, and sums of the result can be made right.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use vmspec_codegen::model::{Example, ExampleBytes, ExampleResult};

use super::material::Material;
use super::subjects::Subject;
use crate::differential::{Subject as Interpreted, model};
use crate::vhdx::put_checksum;

/// First bytes of inputs from this on say that there are changes of an example behind them.
pub const FROM: u8 = 128;
/// Where a sum may start.
const SECTOR: usize = 4096;

/// An example that is accepted, with the offsets and lengths of its values.
#[derive(Debug)]
struct Template {
    name: &'static str,
    big: bool,
    bytes: Vec<u8>,
    sites: Vec<(usize, usize)>,
}

/// The name, the byte order and the bytes that an input stands for.
pub fn unpacked(of: &[Subject], which: u8, changes: &[u8]) -> Option<(&'static str, bool, Vec<u8>)> {
    let templates = templates(of)?;
    let template = templates.get(usize::from(which).checked_rem(templates.len())?)?;
    let mut bytes = template.bytes.clone();
    let mut changes = Material(changes);
    let sums = changes.byte() & 1 == 1;
    while changes.is_left() {
        change(&mut bytes, &template.sites, &mut changes);
    }
    if sums {
        put_sums(&mut bytes);
    }
    Some((template.name, template.big, bytes))
}

/// How many examples there are.
pub fn count(of: &[Subject]) -> u8 {
    templates(of).map_or(0, |all| u8::try_from(all.len()).unwrap_or(u8::MAX).min(u8::MAX.saturating_sub(FROM)))
}

/// One change: at a value or anywhere, other bytes or those of another value; or the end.
fn change(bytes: &mut Vec<u8>, sites: &[(usize, usize)], changes: &mut Material<'_>) {
    let site = |n: u16| sites.get(usize::from(n).checked_rem(sites.len()).unwrap_or(0)).copied().unwrap_or((0, 0));
    let kind = changes.byte();
    let (at, length) = site(changes.word());
    let few = usize::from(kind & 0x0f).saturating_add(1);
    match kind >> 6 {
        0 => put(bytes, at, changes.piece(length.min(few))),
        1 => {
            let at = usize::from(changes.word()).saturating_mul(256).saturating_add(usize::from(changes.byte()));
            let at = at.checked_rem(bytes.len()).unwrap_or(0);
            put(bytes, at, changes.piece(few));
        }
        2 => {
            let (from, length) = site(changes.word());
            let copied = bytes.get(from..from.saturating_add(length)).unwrap_or_default().to_vec();
            put(bytes, at, &copied);
        }
        _ => bytes.truncate(at.saturating_add(few.saturating_sub(1))),
    }
}

fn put(bytes: &mut [u8], at: usize, piece: &[u8]) {
    bytes.iter_mut().skip(at).zip(piece).for_each(|(to, from)| *to = *from);
}

/// Makes the sums of everything right that has one and starts with a sector.
fn put_sums(bytes: &mut [u8]) {
    for at in (0..bytes.len()).step_by(SECTOR) {
        let rest = bytes.get_mut(at..).unwrap_or_default();
        let length = match rest.first_chunk() {
            Some(b"head") => SECTOR,
            Some(b"regi") => 64 << 10,
            Some(b"loge") => rest.get(8..12).and_then(|it| it.try_into().ok()).map_or(0, length),
            _ => 0,
        };
        if let Some(summed) = rest.get_mut(..length).filter(|it| it.len() >= SECTOR) {
            put_checksum(summed);
        }
    }
}

fn length(word: [u8; 4]) -> usize {
    usize::try_from(u32::from_le_bytes(word)).unwrap_or(usize::MAX)
}

/// The templates of these types, made once.
fn templates(of: &[Subject]) -> Option<&'static [Template]> {
    static ALL: Mutex<BTreeMap<&str, &[Template]>> = Mutex::new(BTreeMap::new());
    let spec = of.first()?.spec;
    let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
    Some(all.entry(spec).or_insert_with(|| made(spec, of).leak()))
}

fn made(spec: &str, of: &[Subject]) -> Vec<Template> {
    let format = model(spec);
    let template = |example: &Example| {
        let name = &format.ty(example.of).name;
        let known = of.iter().find(|subject| subject.name == name)?;
        let plain = example.with.is_empty() && example.inputs.is_empty();
        let accepted = matches!(example.expected, ExampleResult::Value(_));
        if !plain || !accepted {
            return None;
        }
        let bytes = match &example.bytes {
            ExampleBytes::Hex(bytes) => bytes.clone(),
            ExampleBytes::Sample(path) => crate::sample(path),
        };
        let subject = Interpreted { format, ty: example.of, big: example.big, params: Vec::new() };
        let wide = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let sites = subject.sites(&bytes).into_iter().map(|(at, length)| (wide(at), wide(length))).collect();
        Some(Template { name: known.name, big: example.big, bytes, sites })
    };
    format.examples.iter().filter_map(template).collect()
}
