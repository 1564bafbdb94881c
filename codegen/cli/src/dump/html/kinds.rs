//! What the spec says of the nodes of a page: each field once, however many nodes it has.

use std::collections::HashMap;

use vmspec_codegen::interpret::{Look, What};
use vmspec_codegen::model::{Body, Enum, Flags, Format, Key, Rule, Site};

use super::super::notes::notes;
use super::super::view::shown_site;
use super::data::{Choice, Kind, Law, Named};

/// What tells kinds apart: which sort of node it is, two indices, and the byte order that was found by trial.
type Mark = (u8, usize, usize, Option<bool>);

/// The kinds so far.
pub struct Kinds<'a> {
    format: &'a Format,
    pub all: Vec<Kind>,
    pub choices: Vec<Choice>,
    known: HashMap<Mark, usize>,
    chosen: HashMap<(bool, usize), usize>,
}

impl<'a> Kinds<'a> {
    pub fn new(format: &'a Format) -> Self {
        Self { format, all: Vec::new(), choices: Vec::new(), known: HashMap::new(), chosen: HashMap::new() }
    }

    /// The kind of a node; `list` is that of the node above it, for an element.
    pub fn of(&mut self, look: &Look<'a>, list: usize) -> usize {
        let order = look.node.record().and_then(|record| record.order);
        let mark = mark(look.node.what, list, order);
        if let Some(known) = self.known.get(&mark) {
            return *known;
        }
        let kind = self.describe(look);
        let index = self.all.len();
        self.all.push(kind);
        self.known.insert(mark, index);
        index
    }

    /// The kind of the elements of a list of plain integers.
    pub fn number(&mut self, list: usize) -> usize {
        let written = self.all.get(list).map(|kind| kind.written.clone()).unwrap_or_default();
        let index = self.all.len();
        let known = *self.known.entry((7, list, 0, None)).or_insert(index);
        if known == index {
            self.all.push(Kind { written, ..Kind::default() });
        }
        known
    }

    fn describe(&mut self, look: &Look<'a>) -> Kind {
        let element = matches!(look.node.what, What::Element(_) | What::Entry(..));
        let type_doc = look.type_id().and_then(|ty| self.format.ty(ty).doc.clone());
        let doc = look.doc().map(str::to_owned);
        Kind {
            name: if element { String::new() } else { look.name() },
            written: look.written(),
            type_doc: type_doc.filter(|of_type| doc.as_ref() != Some(of_type)),
            doc,
            site: site(self.format, look.site()),
            refs: refs(look),
            notes: notes(look),
            rules: rules(self.format, look),
            choice: self.choice(look),
            bits: look.part().map(|part| (part.shift, part.width)),
        }
    }

    fn choice(&mut self, look: &Look<'a>) -> Option<usize> {
        let (key, made) = match (look.enum_id(), look.flags_id()) {
            (Some(id), _) => ((false, id.0), of_enum(self.format.enum_(id))),
            (_, Some(id)) => ((true, id.0), of_flags(self.format.flags(id))),
            (None, None) => return None,
        };
        let next = self.choices.len();
        let index = *self.chosen.entry(key).or_insert(next);
        if index == next {
            self.choices.push(made);
        }
        Some(index)
    }
}

fn mark(what: What, list: usize, order: Option<bool>) -> Mark {
    let (sort, of, index) = match what {
        What::Root(ty) => (0, ty.0, 0),
        What::Field(ty, id) => (1, ty.0, id.0),
        What::Element(_) => (2, list, 0),
        What::Case(ty, id) => (3, ty.0, id.0),
        What::Entry(ty, _) => (9, ty.0, list),
        What::Gap(ty, id) => (4, ty.0, id.0),
        What::Slack(ty, id) => (5, ty.0, id.0),
        What::OwnSlack(ty) => (6, ty.0, 0),
        What::Copy(ty, id, i) => (7, ty.0, numbered(id.0, i)),
        What::CopyGap(ty, id, i) => (8, ty.0, numbered(id.0, i)),
    };
    (sort, of, index, order)
}

/// The number of a field and of a copy of it: far fewer than there is room for on both sides.
fn numbered(field: usize, copy: usize) -> usize {
    copy.saturating_mul(1 << 20).saturating_add(field)
}

fn site(format: &Format, site: Site) -> String {
    shown_site(format, site).unwrap_or_default()
}

fn refs(look: &Look<'_>) -> Vec<String> {
    if look.is_extra() || look.part().is_some() {
        return Vec::new();
    }
    let of_type = look.type_id().map_or(&[][..], |ty| &look.format.ty(ty).refs);
    look.field.map_or(&[][..], |field| &field.refs).iter().chain(of_type).cloned().collect()
}

/// The rules about a field and, where it is a type, about that.
fn rules(format: &Format, look: &Look<'_>) -> Vec<Law> {
    let law = |rule: &Rule, hard| Law {
        expected: rule.expected.clone(),
        say: rule.say.clone(),
        class: rule.class.name(),
        hard,
        site: site(format, rule.site),
    };
    if look.is_extra() {
        return Vec::new();
    }
    // Those of a list's field are about the list.
    let own = look.field.filter(|_| !matches!(look.node.what, What::Element(_)));
    let (valid, expect) = match (look.part(), own) {
        (Some(part), _) => (&part.valid[..], &part.expect[..]),
        (None, Some(field)) => (&field.valid[..], &field.expect[..]),
        (None, None) => (&[][..], &[][..]),
    };
    let require = match look.type_id().map(|ty| &format.ty(ty).body) {
        Some(Body::Struct(s)) => &s.require[..],
        Some(Body::Bits(b)) => &b.require[..],
        Some(Body::Union(u)) => &u.require[..],
        None => &[][..],
    };
    let hard = valid.iter().chain(require).map(|rule| law(rule, true));
    hard.chain(expect.iter().map(|rule| law(rule, false))).collect()
}

fn of_enum(of: &Enum) -> Choice {
    let named = |key: &Key, written: &str| match key {
        Key::Int(n) if *n < 10 => n.to_string(),
        Key::Int(n) => format!("{n:#x}"),
        Key::Bytes(_) => written.to_owned(),
    };
    let values = of.values.iter();
    let values = values.map(|v| Named { name: v.name.clone(), key: named(&v.key, &v.written), doc: v.doc.clone() });
    Choice { name: of.name.clone(), doc: of.doc.clone(), flags: false, values: values.collect() }
}

fn of_flags(of: &Flags) -> Choice {
    let bits = of.flags.iter();
    let values = bits.map(|f| Named { name: f.name.clone(), key: f.bit.to_string(), doc: f.doc.clone() }).collect();
    Choice { name: of.name.clone(), doc: of.doc.clone(), flags: true, values }
}
