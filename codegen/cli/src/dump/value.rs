//! A value on one line, in the words of its spec.

use vmspec_codegen::diagnostic::printable;
use vmspec_codegen::interpret::{Blob, Bytes, Look, Packed, Value, guid_text};
use vmspec_codegen::model::{Content, Flags, Key, PartKind, Repr, Scalar};

use super::quote::{self, Excerpt};
use super::scan;
use super::walk::{Inside, behind_cases, inside};
use crate::plural::plural;

/// Bytes of payload that are looked at for one line.
const PREVIEW: usize = 16;

/// So many bytes that are all letters and the like are hardly so by chance.
const READABLE: usize = 4;

/// The room that `, ... 100 numbers` takes.
const MORE: usize = 18;
/// The most room for plain integers, of which there may be very many.
const NUMBERS: usize = 60;

/// How values are put on a line.
#[derive(Clone, Copy)]
pub struct Writer<'a> {
    /// The file.
    pub bytes: &'a dyn Bytes,
    /// The room for texts and bytes; what is longer is cut, and its length told.
    pub room: usize,
}

impl Writer<'_> {
    /// The value; of a struct and a list what can be said of it in a few words.
    pub fn value(self, look: &Look<'_>) -> String {
        let len = look.node.len;
        match &look.node.value {
            Value::Absent => "-".to_owned(),
            Value::Int(n) => number(*n),
            Value::F32(bits) => float(f32::from_bits(*bits).is_nan(), *bits, f32::from_bits(*bits)),
            Value::F64(bits) => float(f64::from_bits(*bits).is_nan(), *bits, f64::from_bits(*bits)),
            Value::Bool(b) => b.to_string(),
            Value::Enum(key) => self.choice(look, key),
            Value::Flags(bits) => look.flags().map_or_else(|| number(i128::from(*bits)), |of| flags(of, *bits)),
            Value::Guid(bytes) => guid_text(bytes, look.scalar() != Some(Scalar::Uuid)),
            Value::Bytes(bytes) if is_magic(look) => self.cut(bytes.len(), |room| quote::text(bytes, room)),
            Value::Bytes(bytes) | Value::Refused(bytes, _) => self.bytes(bytes),
            Value::Same => "the same".to_owned(),
            Value::Text(text) => self.cut(text.len(), |room| quote::text(text, room)),
            Value::Utf16(units) => self.cut(units.len().saturating_mul(2), |room| quote::utf16(units, room)),
            Value::Blob(blob) => self.blob(blob, len),
            Value::Zeros(None) if len == 0 => "no bytes".to_owned(),
            Value::Zeros(None) => plural(len, "zero"),
            Value::Zeros(Some(bytes)) => format!("not all zero: {}", self.bytes(bytes)),
            Value::Record(_) => look.turn.as_deref().map_or_else(|| gist(look), scan::turn),
            Value::Bits(_) => self.parts(look),
            Value::Case(..) => self.case(look),
            Value::List(nodes) if look.is_extra() => plural(size(nodes.len()), "range"),
            Value::List(nodes) => plural(size(nodes.len()), "element"),
            Value::Packed(packed) => self.packed(packed),
            Value::Lazy(list) => plural(list.count, "element"),
            Value::Scan(found) => scan::gist(found),
        }
    }

    /// An enum value by name with what stands for it; without a name, that alone.
    fn choice(self, look: &Look<'_>, key: &Key) -> String {
        let Some(of) = look.enum_() else { return String::new() };
        let wire = match (key, of.repr) {
            (Key::Int(n), _) if (0..=9).contains(n) => n.to_string(),
            (Key::Int(n), _) => brief(*n),
            (Key::Bytes(b), Repr::Guid | Repr::Uuid) => guid_text(b, matches!(of.repr, Repr::Guid)),
            (Key::Bytes(b), _) => self.cut(b.len(), |room| quote::text(b, room)),
        };
        match look.named() {
            Some(value) => format!("{} ({wire})", value.name),
            None => format!("{wire}, unknown"),
        }
    }

    /// In hex, or as `b"text"` where they are made to be read.
    fn bytes(self, bytes: &[u8]) -> String {
        if bytes.is_empty() {
            return "no bytes".to_owned();
        }
        let readable = |b: &u8| b.is_ascii_graphic() || b.is_ascii_whitespace();
        if bytes.len() < READABLE || !bytes.iter().all(readable) {
            return self.cut(bytes.len(), |room| quote::hex(bytes, room));
        }
        format!("b{}", self.cut(bytes.len(), |room| quote::text(bytes, room.saturating_sub(1))))
    }

    /// What there is room for; where that is not all, with the length of all.
    fn cut(self, len: usize, excerpt: impl Fn(usize) -> Excerpt) -> String {
        let all = excerpt(self.room);
        if all.whole {
            return all.text;
        }
        let tail = format!("... {}", plural(size(len), "byte"));
        format!("{}{tail}", excerpt(self.room.saturating_sub(tail.len())).text)
    }

    /// How payload starts, and where it ends.
    fn blob(self, blob: &Blob, len: u64) -> String {
        let at = match blob {
            Blob::Held(bytes) => return self.bytes(bytes),
            Blob::File(at) => *at,
        };
        let mut head = vec![0; usize::try_from(len).unwrap_or(PREVIEW).min(PREVIEW)];
        if let Err(e) = self.bytes.read_at(at, &mut head) {
            return format!("({e})");
        }
        let shown = quote::hex(&head, self.room);
        if len == 0 {
            return "no bytes".to_owned();
        }
        if shown.whole && size(head.len()) == len {
            return shown.text;
        }
        let tail = format!(" ... to {:#x}", at.saturating_add(len));
        format!("{}{tail}", quote::hex(&head, self.room.saturating_sub(tail.len())).text)
    }

    /// The parts of an integer: `first 1, second 2`.
    fn parts(self, look: &Look<'_>) -> String {
        let shown = |part: &&Look<'_>| !is_zero_as_it_should_be(part);
        let part = |part: &Look<'_>| format!("{} {}", part.name(), self.value(part));
        look.children().iter().filter(shown).map(part).collect::<Vec<_>>().join(", ")
    }

    /// The case, and what is in it where that fits on a line.
    fn case(self, look: &Look<'_>) -> String {
        let (names, content) = behind_cases(look);
        let name = printable(&names.join(": "));
        let room = self.room.saturating_sub(name.len().saturating_add(2));
        let content = content.map_or_else(String::new, |look| Self { room, ..self }.value(&look));
        if content.is_empty() { name } else { format!("{name}: {content}") }
    }

    /// As many numbers as there is room for.
    fn packed(self, packed: &Packed) -> String {
        let mut out = String::new();
        let (count, room) = (packed.count(), self.room.min(NUMBERS));
        for (i, n) in packed.numbers().enumerate() {
            let next = brief(n);
            if out.len().saturating_add(next.len()).saturating_add(MORE) > room && i > 0 {
                return format!("{out}, ... {}", plural(size(count), "number"));
            }
            out.push_str(if i > 0 { ", " } else { "" });
            out.push_str(&next);
        }
        if count == 0 { "no numbers".to_owned() } else { out }
    }
}

/// Whether it is a part that is there to be zero.
fn is_zero_as_it_should_be(part: &Look<'_>) -> bool {
    let filler = part.part().is_some_and(|part| matches!(part.kind, PartKind::Zero | PartKind::ZeroKept));
    filler && matches!(part.node.value, Value::Int(0) | Value::Zeros(None))
}

/// Whether it has constant bytes, which are mostly made to be read.
fn is_magic(look: &Look<'_>) -> bool {
    look.field.is_some_and(|field| matches!(field.content, Content::Magic(_)))
}

/// A struct in a word: the case of the switch in it that says what it is.
fn gist(look: &Look<'_>) -> String {
    let Inside::Fields(fields) = inside(look) else { return String::new() };
    let told = |field: &Look<'_>| field.case().is_some_and(|case| !matches!(case.written.as_str(), "true" | "false"));
    fields.iter().find(|field| told(field)).map_or_else(String::new, |field| behind_cases(field).0.join(": "))
}

/// In decimal, and in hex as well where that is not the same.
pub fn number(n: i128) -> String {
    if n > 9 { format!("{n} ({n:#x})") } else { n.to_string() }
}

/// In decimal where it is small, else in hex.
fn brief(n: i128) -> String {
    if n > 0xffff { format!("{n:#x}") } else { n.to_string() }
}

/// As few digits as give the same bits again; a NaN with its bits.
fn float(nan: bool, bits: impl std::fmt::LowerHex, value: impl std::fmt::Debug) -> String {
    if nan { format!("NaN ({bits:#x})") } else { format!("{value:?}") }
}

/// The names of the flags that are set, then the bits without a name.
fn flags(of: &Flags, bits: u64) -> String {
    let (mut names, unknown) = flag_names(of, bits);
    let unknown = (unknown != 0).then(|| format!("unknown {unknown:#x}"));
    names.extend(unknown.as_deref());
    if names.is_empty() { "none".to_owned() } else { format!("{} ({bits:#x})", names.join(" | ")) }
}

/// The names of the flags that are set, and all bits that have none.
pub fn flag_names(of: &Flags, bits: u64) -> (Vec<&str>, u64) {
    let mask = |bit| 1_u64.checked_shl(bit).unwrap_or(0);
    let set = of.flags.iter().filter(|flag| bits & mask(flag.bit) != 0);
    let named = of.flags.iter().fold(0, |all, flag| all | mask(flag.bit));
    (set.map(|flag| flag.name.as_str()).collect(), bits & !named)
}

/// A length in memory as a number.
pub fn size(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{float, guid_text, number};

    #[test]
    fn numbers_say_what_they_are() {
        assert_eq!((number(9), number(10), number(-300)), ("9".into(), "10 (0xa)".into(), "-300".into()));
        assert_eq!(number(i128::from(u64::MAX)), "18446744073709551615 (0xffffffffffffffff)");
    }

    #[test]
    fn floats_are_exact() {
        let of = |x: f32| float(x.is_nan(), x.to_bits(), x);
        assert_eq!((of(0.1), of(-0.0), of(1e30)), ("0.1".into(), "-0.0".into(), "1e30".into()));
        assert_eq!((of(f32::INFINITY), of(f32::from_bits(0x7fc0_0001))), ("inf".into(), "NaN (0x7fc00001)".into()));
    }

    #[test]
    fn guids_of_both_orders() {
        let bytes: Vec<u8> = (0..16).collect();
        assert_eq!(guid_text(&bytes, true), "03020100-0504-0706-0809-0a0b0c0d0e0f");
        assert_eq!(guid_text(&bytes, false), "00010203-0405-0607-0809-0a0b0c0d0e0f");
    }
}
