//! A journal as JSON: where it lies, what was found in it, its entries, and what is none.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use vmspec_codegen::interpret::Look;
use vmspec_codegen::interpret::journal::{Rejected, Scan, Why};

use super::super::scan::why;
use super::super::walk::Elements;
use super::{Below, Reported};

/// A journal.
pub struct Journal<'j, 'a> {
    /// The node that it is.
    pub look: &'j Look<'a>,
    /// What was found in it.
    pub scan: &'j Scan,
    /// Its entries.
    pub elements: &'j Elements<'a>,
    pub places: bool,
    /// How many levels below an entry are shown.
    pub depth: usize,
}

impl Serialize for Journal<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let (scan, ring) = (self.scan, self.scan.ring);
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("offset", &ring.at)?;
        map.serialize_entry("length", &ring.size)?;
        map.serialize_entry("stride", &ring.stride)?;
        map.serialize_entry("live", &scan.live)?;
        map.serialize_entry("heads", &scan.heads)?;
        map.serialize_entry("foreign", &scan.foreign)?;
        map.serialize_entry("count", &scan.entries.len())?;
        map.serialize_entry("active", &scan.active)?;
        map.serialize_entry("entries", &Entries(self))?;
        map.serialize_entry("rejected", &scan.rejected.iter().map(|it| self.rejected(it)).collect::<Vec<_>>())?;
        map.serialize_entry("rejected_in_all", &scan.rejected_in_all)?;
        let error = scan.trouble.as_ref().map(|of| Reported { of, format: self.look.format });
        map.serialize_entry("error", &error)?;
        map.end()
    }
}

impl<'j, 'a> Journal<'j, 'a> {
    fn rejected(&'j self, of: &'j Rejected) -> Head<'j, 'a> {
        Head { journal: self, of }
    }
}

/// The entries that are held, each with its index.
struct Entries<'j, 'a>(&'j Journal<'j, 'a>);

impl Serialize for Entries<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut list = to.serialize_seq(None)?;
        for index in self.0.elements.held().unwrap_or_default() {
            if let Some(look) = self.0.elements.get(index) {
                list.serialize_element(&Entry { journal: self.0, index, look })?;
            }
        }
        list.end()
    }
}

struct Entry<'j, 'a> {
    journal: &'j Journal<'j, 'a>,
    index: usize,
    look: Look<'a>,
}

impl Serialize for Entry<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Journal { scan, places, depth, .. } = *self.journal;
        let mut map = to.serialize_map(Some(5))?;
        map.serialize_entry("index", &self.index)?;
        map.serialize_entry("offset", &self.look.node.at)?;
        map.serialize_entry("length", &self.look.node.len)?;
        map.serialize_entry("turn", &scan.entries.get(self.index).and_then(|it| it.turn))?;
        map.serialize_entry("value", &Below { look: self.look.clone(), places, depth })?;
        map.end()
    }
}

/// What begins as an entry does and is none.
struct Head<'j, 'a> {
    journal: &'j Journal<'j, 'a>,
    of: &'j Rejected,
}

impl Serialize for Head<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Journal { look, scan, .. } = *self.journal;
        let mut map = to.serialize_map(Some(3))?;
        map.serialize_entry("offset", &scan.ring.offset(self.of.start))?;
        map.serialize_entry("foreign", &matches!(self.of.why, Why::Foreign))?;
        match &self.of.why {
            Why::Foreign => map.serialize_entry("message", &why(look, &self.of.why))?,
            Why::Wrong(of) => map.serialize_entry("error", &Reported { of, format: look.format })?,
        }
        map.end()
    }
}
