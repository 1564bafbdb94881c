//! A value as JSON, under the names of its spec, written as it is gone through.
//!
//! | what | as |
//! |---|---|
//! | struct, bits | an object, driven and fixed fields included; a field without a name is `_`, further ones `_2`, `_3` |
//! | list | an array |
//! | list that is read one by one | `{"offset": n, "length": n, "count": n, "elements": []}`, with the first elements |
//! | journal | an object: where it lies, what was found, `entries` with `index`, place, `turn` and `value`, and what is `rejected` |
//! | integer, truth value, text | themselves |
//! | float | a number, the exact value; one that is none is `{"bits": n}` |
//! | text that is no UTF-8, UTF-16 with unpaired units | `{"bytes": "hex"}`, `{"units": [n]}` |
//! | enum | its name, or `{"unknown": n}` |
//! | flags | an array of the names that are set, with `{"unknown": n}` behind them for other bits |
//! | guid, bytes | text, hex digits |
//! | payload, zeros, padding, kept gaps | `{"offset": n, "length": n}`, with `"bytes"` where they are no zeros but should be |
//! | switch | `{"case": content}`; a case without content has `null` |
//! | absent | `null` |
//! | byte order by trial | `"byte_order": "little"` or `"big"`, first of its struct |
//!
//! With places each struct and bits has `"@": [offset, length]`, first of all.

mod scan;

use std::collections::HashMap;
use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use vmspec_codegen::interpret::{Blob, Look, Reading, Trouble, Value, guid_text};
use vmspec_codegen::model::{Format, Key, Repr, Scalar};

use super::json_layout::Layout;
use super::marks::message;
use super::quote::Digits;
use super::value::flag_names;
use super::view::{Then, View, shown_site};
use super::walk::{Elements, Inside, case_name, inside};
use scan::Journal;

/// Writes the document and a line break. What is read through a journal stands in it as `replayed`.
pub fn write(view: &View<'_>, then: Option<&Then<'_>>, places: bool, mut out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, Layout::default());
    Document { view, then, places }.serialize(&mut serializer)?;
    writeln!(out)
}

struct Document<'v, 'a> {
    view: &'v View<'a>,
    then: Option<&'v Then<'a>>,
    places: bool,
}

impl Serialize for Document<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let (view, reading) = (self.view, self.view.reading);
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("format", &view.format.id)?;
        if !view.path.is_empty() {
            map.serialize_entry("path", &view.path)?;
        }
        if let Some(seen) = &view.seen {
            map.serialize_entry("seen", &seen.to_string())?;
            map.serialize_entry("root", &Look::root(view.format, &reading.root).written())?;
        }
        map.serialize_entry("value", &Part { look: &view.top, places: self.places, depth: view.depth })?;
        map.serialize_entry("findings", &findings(view.format, reading))?;
        if reading.left_out > 0 {
            map.serialize_entry("findings_left_out", &reading.left_out)?;
        }
        map.serialize_entry("error", &reading.error.as_ref().map(|of| Reported { of, format: view.format }))?;
        map.serialize_entry("end", &reading.end)?;
        map.serialize_entry("behind", &view.behind())?;
        match self.then {
            None => {}
            Some(Then::Shown(view)) => {
                map.serialize_entry("replayed", &Document { view, then: None, places: self.places })?;
            }
            Some(Then::Refused(why)) => map.serialize_entry("replayed", &refusal(why))?,
        }
        map.end()
    }
}

/// Why nothing can be read through a journal, in the form of any error.
fn refusal(why: &vmspec::Error) -> serde_json::Value {
    serde_json::json!({ "value": null, "error": {
        "path": why.path(),
        "offset": why.offset(),
        "class": why.class().name(),
        "message": why.to_string(),
    } })
}

fn findings<'a>(format: &'a Format, reading: &'a Reading) -> Vec<Reported<'a>> {
    reading.findings.iter().map(|of| Reported { of, format }).collect()
}

/// A finding or the error.
struct Reported<'a> {
    of: &'a Trouble,
    format: &'a Format,
}

impl Serialize for Reported<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(5))?;
        map.serialize_entry("path", &self.of.path)?;
        map.serialize_entry("offset", &self.of.offset)?;
        map.serialize_entry("class", if self.of.io.is_some() { "io" } else { self.of.class.name() })?;
        map.serialize_entry("message", &message(self.of))?;
        map.serialize_entry("spec", &self.of.site.and_then(|site| shown_site(self.format, site)))?;
        map.end()
    }
}

/// A node with all that is in it.
struct Part<'v, 'a> {
    look: &'v Look<'a>,
    places: bool,
    /// How many levels below it are shown.
    depth: usize,
}

impl Serialize for Part<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match inside(self.look) {
            Inside::Nothing => {}
            _ if self.depth == 0 => return self.range(to, None),
            Inside::Fields(fields) => return self.fields(to, &fields),
            Inside::Elements(elements) => return self.elements(to, &elements),
            Inside::Numbers(packed) => return sequence(to, packed.numbers().map(Integer)),
        }
        match &self.look.node.value {
            Value::Int(n) => Integer(*n).serialize(to),
            Value::F32(bits) => float(to, f64::from(f32::from_bits(*bits)), u64::from(*bits)),
            Value::F64(bits) => float(to, f64::from_bits(*bits), *bits),
            Value::Bool(b) => to.serialize_bool(*b),
            Value::Enum(key) => self.choice(to, key),
            Value::Flags(bits) => self.flags(to, *bits),
            Value::Guid(bytes) => to.serialize_str(&guid_text(bytes, self.look.scalar() != Some(Scalar::Uuid))),
            Value::Bytes(bytes) | Value::Refused(bytes, _) => to.collect_str(&Digits(bytes)),
            Value::Same => to.serialize_str("the same"),
            Value::Text(text) => match std::str::from_utf8(text) {
                Ok(text) => to.serialize_str(text),
                Err(_) => single(to, "bytes", &Digits(text).to_string()),
            },
            Value::Utf16(units) => match String::from_utf16(units) {
                Ok(text) => to.serialize_str(&text),
                Err(_) => single(to, "units", units),
            },
            Value::Blob(Blob::Held(bytes)) | Value::Zeros(Some(bytes)) => self.range(to, Some(bytes)),
            Value::Blob(Blob::File(_)) | Value::Zeros(None) => self.range(to, None),
            Value::Case(..) => self.case(to),
            Value::Absent
            | Value::Record(_)
            | Value::Bits(_)
            | Value::List(_)
            | Value::Packed(_)
            | Value::Lazy(_)
            | Value::Scan(_) => to.serialize_none(),
        }
    }
}

impl<'a> Part<'_, 'a> {
    fn below(&self, look: Look<'a>) -> Below<'a> {
        Below { look, places: self.places, depth: self.depth.saturating_sub(1) }
    }

    fn fields<S: Serializer>(&self, to: S, fields: &[Look<'a>]) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        if self.places {
            map.serialize_entry("@", &[self.look.node.at, self.look.node.len])?;
        }
        if let Some(big) = self.look.node.record().and_then(|record| record.order) {
            map.serialize_entry("byte_order", if big { "big" } else { "little" })?;
        }
        let mut seen = 0_u64;
        for field in fields {
            let mut name = field.name();
            if name == "_" {
                seen = seen.saturating_add(1);
                if seen > 1 {
                    name = format!("_{seen}");
                }
            }
            map.serialize_entry(&name, &self.below(field.clone()))?;
        }
        map.end()
    }

    /// All elements of a list; of one that is read one by one, the first that are held.
    fn elements<S: Serializer>(&self, to: S, elements: &Elements<'a>) -> Result<S::Ok, S::Error> {
        if let Value::Scan(scan) = &self.look.node.value {
            let depth = self.depth.saturating_sub(1);
            return Journal { look: self.look, scan, elements, places: self.places, depth }.serialize(to);
        }
        let Value::Lazy(list) = &self.look.node.value else {
            return sequence(to, elements.iter().map(|look| self.below(look)));
        };
        let mut map = to.serialize_map(Some(4))?;
        map.serialize_entry("offset", &self.look.node.at)?;
        map.serialize_entry("length", &self.look.node.len)?;
        map.serialize_entry("count", &list.count)?;
        let first = (0..elements.count()).map_while(|index| elements.get(index));
        map.serialize_entry("elements", &first.map(|look| self.below(look)).collect::<Vec<_>>())?;
        map.end()
    }

    /// A case by its name. It is no level of its own.
    fn case<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let name = self.look.case().map_or_else(String::new, case_name);
        single(to, &name, &self.look.body().map(|look| Below { look, places: self.places, depth: self.depth }))
    }

    fn choice<S: Serializer>(&self, to: S, key: &Key) -> Result<S::Ok, S::Error> {
        let Some(of) = self.look.enum_() else { return to.serialize_none() };
        if let Some(value) = self.look.named() {
            return to.serialize_str(&value.name);
        }
        match (key, of.repr) {
            (Key::Int(n), _) => single(to, "unknown", &Integer(*n)),
            (Key::Bytes(b), Repr::Guid | Repr::Uuid) => {
                single(to, "unknown", &guid_text(b, matches!(of.repr, Repr::Guid)))
            }
            (Key::Bytes(b), _) => single(to, "unknown", &Digits(b).to_string()),
        }
    }

    fn flags<S: Serializer>(&self, to: S, bits: u64) -> Result<S::Ok, S::Error> {
        let Some(of) = self.look.flags() else { return to.serialize_u64(bits) };
        let (names, unknown) = flag_names(of, bits);
        let mut list = to.serialize_seq(None)?;
        names.iter().try_for_each(|name| list.serialize_element(name))?;
        if unknown != 0 {
            list.serialize_element(&HashMap::from([("unknown", unknown)]))?;
        }
        list.end()
    }

    fn range<S: Serializer>(&self, to: S, bytes: Option<&[u8]>) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("offset", &self.look.node.at)?;
        map.serialize_entry("length", &self.look.node.len)?;
        if let Some(bytes) = bytes {
            map.serialize_entry("bytes", &Digits(bytes).to_string())?;
        }
        map.end()
    }
}

/// A node below another, made when it is come to.
struct Below<'a> {
    look: Look<'a>,
    places: bool,
    depth: usize,
}

impl Serialize for Below<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Part { look: &self.look, places: self.places, depth: self.depth }.serialize(to)
    }
}

/// An integer of any width that a spec knows.
struct Integer(i128);

impl Serialize for Integer {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match (u64::try_from(self.0), i64::try_from(self.0)) {
            (Ok(n), _) => to.serialize_u64(n),
            (_, Ok(n)) => to.serialize_i64(n),
            _ => to.serialize_i128(self.0),
        }
    }
}

fn float<S: Serializer>(to: S, value: f64, bits: u64) -> Result<S::Ok, S::Error> {
    if value.is_finite() { to.serialize_f64(value) } else { single(to, "bits", &bits) }
}

fn single<S: Serializer>(to: S, key: &str, value: &(impl Serialize + ?Sized)) -> Result<S::Ok, S::Error> {
    let mut map = to.serialize_map(Some(1))?;
    map.serialize_entry(key, value)?;
    map.end()
}

fn sequence<S: Serializer, T: Serialize>(to: S, all: impl Iterator<Item = T>) -> Result<S::Ok, S::Error> {
    let mut list = to.serialize_seq(None)?;
    for element in all {
        list.serialize_element(&element)?;
    }
    list.end()
}
