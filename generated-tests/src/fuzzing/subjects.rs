//! Types of a format, each with what is done with bytes as it. The first byte of an input says which, and in which order.

use std::fmt::Debug;

use arbitrary::{Arbitrary, Unstructured};
use serde::Serialize;
use vmspec_runtime::{Endian, Wire};

use super::patched;
use crate::differential::Pair;
use crate::laws::holds;

/// What is done with bytes in a byte order.
pub type Check = fn(&[u8], Endian);

/// A type of a format.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    /// Its format's spec.
    pub spec: &'static str,
    /// Its name there.
    pub name: &'static str,
    /// Reads bytes in every way.
    pub check: Check,
    /// Makes a value of bytes, writes and reads it. Not of a type whose bytes are as long as an extern tells.
    pub values: Option<Check>,
    /// Lets the interpreter read bytes too. Not of a type with arguments.
    pub interpreted: Option<Check>,
}

/// A subject: the type, then its arguments where it has any, then what else reads it.
macro_rules! subject {
    ($ty:ident) => { subject!($ty, lent [], pulled []) };
    ($ty:ident, lent [$($lent:ident)?], pulled [$($reader:expr)?]) => {
        Subject {
            values: Some(|bytes, order| $crate::fuzzing::subjects::value::<$ty>(bytes, order, &())),
            interpreted: Some(|bytes, order| $crate::fuzzing::subjects::interprets::<$ty>(SPEC, bytes, order, ())),
            ..subject!($ty, args [()], lent [$($lent)?], pulled [$($reader)?])
        }
    };
    ($ty:ident, args [$args:expr], lent [$($lent:ident)?], pulled [$($reader:expr)?]) => {
        Subject {
            spec: SPEC,
            name: <$ty as vmspec_runtime::Wire>::NAME,
            check: |bytes, order| {
                $crate::fuzzing::doors::whole::<$ty>(bytes, order, &$args);
                $($crate::lends::<$lent<'_>>(bytes, order, &$args);)?
                $($crate::pulls_alike::<$ty, _>(bytes, order, &$args, &$reader);)?
            },
            values: None,
            interpreted: None,
        }
    };
}
pub(super) use subject;

/// Lets bytes be read as the type that the first one chooses.
pub fn check(of: &[Subject], data: &[u8]) {
    chosen(of, data, |subject| Some(subject.check));
}

/// Lets a value be made of the bytes.
pub fn values(of: &[Subject], data: &[u8]) {
    let Some((which, bytes)) = data.split_first() else { return };
    choose(of, *which, bytes, |subject| subject.values);
}

/// Lets both read the bytes.
pub fn interpreted(of: &[Subject], data: &[u8]) {
    chosen(of, data, |subject| subject.interpreted);
}

/// What chooses a subject, in a byte order.
pub fn choice(of: &[Subject], name: &str, big: bool) -> Option<u8> {
    let index = of.iter().position(|subject| subject.name == name)?;
    u8::try_from(index.saturating_mul(2).saturating_add(usize::from(big))).ok()
}

/// The bytes are there as they are, or as changes of an example.
fn chosen(of: &[Subject], data: &[u8], what: fn(&Subject) -> Option<Check>) {
    let Some((which, bytes)) = data.split_first() else { return };
    if *which < patched::FROM {
        choose(of, *which, bytes, what);
    } else if let Some((name, big, bytes)) = patched::unpacked(of, which.saturating_sub(patched::FROM), bytes) {
        let Some(choice) = choice(of, name, big) else { return };
        choose(of, choice, &bytes, what);
    }
}

fn choose(of: &[Subject], which: u8, bytes: &[u8], what: fn(&Subject) -> Option<Check>) {
    let order = if which & 1 == 1 { Endian::Big } else { Endian::Little };
    if let Some(check) = of.get(usize::from(which / 2)).and_then(what) {
        check(bytes, order);
    }
}

/// Law two, for a value that bytes make.
pub fn value<T>(bytes: &[u8], order: Endian, args: &T::Args<'_>)
where
    T: Wire + Debug + PartialEq + Serialize + for<'a> Arbitrary<'a>,
{
    let Ok(value) = T::arbitrary(&mut Unstructured::new(bytes)) else { return };
    if let Err(e) = holds(&value, &[], order, args) {
        panic!("law two does not hold: {e}");
    }
}

/// The interpreter makes of the bytes what generated code makes of them.
pub fn interprets<T: Wire + Serialize>(spec: &str, bytes: &[u8], order: Endian, args: T::Args<'_>) {
    let pair = Pair::<T>::with(spec, order, args);
    let generated = pair.generated(bytes);
    let interpreted = pair.subject.outcome(bytes);
    if let Some(difference) = generated.difference(&interpreted) {
        panic!("{}: {difference}\n-- generated code: {generated}\n-- the interpreter: {interpreted}", T::NAME);
    }
}
