//! Values of enums and flags: whether they have a name, in the version at hand, or may be kept without one.

use super::Reader;
use crate::interpret::datum::{Datum, guid_text};
use crate::interpret::eval::Env;
use crate::interpret::trace::Aspect;
use crate::interpret::tree::Value;
use crate::interpret::trouble::Trouble;
use crate::model::{Class, Enum, Field, Flag, Flags, Keep, Key, Repr, Scalar};

impl Reader<'_> {
    /// Whether a scalar's value is one that the field takes.
    pub(super) fn known(
        &self,
        env: &Env<'_>,
        field: &Field,
        scalar: Scalar,
        value: &Value,
    ) -> Result<(), Box<Trouble>> {
        match (scalar, value) {
            (Scalar::Enum(id), Value::Enum(key)) => {
                let e = self.format.enum_(id);
                let keep = field.unknown.as_ref().unwrap_or(&e.unknown);
                let named = self.named(field, (e, e.versioned.then(|| env.version())), key);
                if named || self.kept(field, env, keep, &Datum::Enum(key.clone())) {
                    return Ok(());
                }
                Err(unknown(
                    field.class.unwrap_or(e.class),
                    names(e),
                    found(e.repr, key),
                    e.say.as_deref().or(field.say.as_deref()),
                ))
            }
            (Scalar::Flags(id), Value::Flags(bits)) => {
                let f = self.format.flags(id);
                let keep = field.unknown.as_ref().unwrap_or(&f.unknown);
                let other = bits & !named_bits_in(f, env.version());
                self.saw(Aspect::Known, field, other == 0);
                for flag in &f.flags {
                    self.saw(Aspect::Flag, flag, bits >> flag.bit & 1 == 1);
                }
                if other == 0 || self.kept(field, env, keep, &Datum::Flags(*bits)) {
                    return Ok(());
                }
                let expected = format!("no bits but {:#x}", crate::interpret::eval::named_bits(f));
                let say = field.say.as_deref().or(f.say.as_deref());
                Err(unknown(field.class.unwrap_or(f.class), expected, number(other.into()), say))
            }
            (Scalar::Bool, Value::Int(n)) => {
                self.saw(Aspect::Known, field, *n <= 1);
                if *n <= 1 {
                    return Ok(());
                }
                let class = field.class.unwrap_or(Class::Invalid);
                Err(unknown(class, "0 or 1".to_owned(), number(*n), field.say.as_deref()))
            }
            _ => Ok(()),
        }
    }

    /// Whether an enum has a name for a value, in a version where it has versions.
    pub(super) fn named<T>(&self, of: &T, (e, version): (&Enum, Option<u64>), key: &Key) -> bool {
        let named = e.named(key, version);
        self.saw(Aspect::Known, of, named.is_some());
        if let Some(value) = named.or_else(|| e.named(key, None)) {
            self.saw(Aspect::Value, value, named.is_some());
        }
        named.is_some()
    }

    /// Whether a value without a name is kept.
    pub(super) fn kept<T>(&self, of: &T, env: &Env<'_>, keep: &Keep, value: &Datum<'_>) -> bool {
        let kept = match keep {
            Keep::Never => false,
            Keep::Always => true,
            Keep::If(that) => env.with_it(value).holds(that) == Ok(true),
        };
        self.saw(Aspect::Kept, of, kept);
        kept
    }
}

fn unknown(class: Class, expected: String, found: String, say: Option<&str>) -> Box<Trouble> {
    let say = say.map(ToOwned::to_owned);
    Box::new(Trouble { path: String::new(), offset: None, class, io: None, expected, found, say, site: None })
}

fn named_bits_in(f: &Flags, version: u64) -> u64 {
    let there = |flag: &&Flag| !f.versioned || flag.is_in(version);
    f.flags.iter().filter(there).fold(0, |all, flag| all | 1_u64.checked_shl(flag.bit).unwrap_or(0))
}

/// A number as errors show it.
pub(in crate::interpret) fn number(n: i128) -> String {
    if n > 9 { format!("{n} ({n:#x})") } else { n.to_string() }
}

fn found(repr: Repr, key: &Key) -> String {
    match (repr, key) {
        (_, Key::Int(n)) => number(*n),
        (Repr::Guid | Repr::Uuid, Key::Bytes(bytes)) => guid_text(bytes, repr == Repr::Guid),
        (_, Key::Bytes(bytes)) => super::content::shown(bytes),
    }
}

/// The values of an enum for people.
pub(super) fn names(e: &Enum) -> String {
    let all = e.values.iter().map(|value| match (e.repr, &value.key) {
        (Repr::Bytes(_), Key::Bytes(bytes)) => super::content::shown(bytes),
        _ => value.written.clone(),
    });
    let count = e.values.len();
    if count > 8 { format!("one of {count} known values") } else { all.collect::<Vec<_>>().join(" or ") }
}
