//! Finds the layouts of all descriptions. Two vmstates are of one layout if they have the same name, version and shapes of
//! fields; their subsections are put together, since a description only has those that were sent.

use super::shapes::{Field, Found, Kind, Shape, State, StateId, Subsection, Subsections, rename, shapes};
use crate::qevm::schema::{self, Content, Device, Run, Schema, Vmsd};
use alloc::borrow::ToOwned;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// What is in the descriptions.
pub(super) fn collect(schemas: &[Schema<'_>]) -> Found {
    let mut found = Found::default();
    for device in schemas.iter().flat_map(|schema| &schema.devices) {
        let id = found.state(&device.state);
        found.case(label(device), id);
    }
    found
}

/// The case that a device is of. An idstr is the name of the vmstate, behind the way to the device if that is on a bus.
fn label(device: &Device<'_>) -> String {
    let (idstr, name) = (&*device.name, &*device.state.name);
    let behind = idstr.strip_suffix(name).filter(|_| !name.is_empty() && idstr != name);
    if behind.is_some_and(|way| way.ends_with('/')) {
        return format!(".../{name}");
    }
    match idstr.rsplit_once('/') {
        Some((way, last)) if way.contains([':', '@', '.']) && !last.is_empty() => format!(".../{last}"),
        _ => idstr.to_owned(),
    }
}

impl Found {
    fn case(&mut self, label: String, id: StateId) {
        let new = self.cases.len();
        let place = *self.labels.entry(label.clone()).or_insert(new);
        let is_new = self.led.insert((place, id));
        match self.cases.get_mut(place) {
            Some((_, ids)) if is_new => ids.push(id),
            Some(_) => {}
            None => self.cases.push((label, [id].into())),
        }
    }

    fn state(&mut self, vmsd: &Vmsd<'_>) -> StateId {
        let fields = self.fields(&vmsd.fields);
        let (name, version) = (vmsd.name.clone().into_owned(), vmsd.version);
        let new = self.states.len();
        let id = *self.known.entry((name.clone(), version, shapes(&fields))).or_insert(new);
        match self.states.get_mut(id) {
            Some(state) => rename(&mut state.fields, fields),
            None => self.states.push(State { name, version, oldest: version, fields, ..State::default() }),
        }
        let subsections = self.subsections(&vmsd.subsections);
        if let Some(state) = self.states.get_mut(id) {
            state.subsections.join(subsections);
        }
        id
    }

    fn nested(&mut self, vmsd: &Vmsd<'_>) -> StateId {
        let id = self.state(vmsd);
        if let Some(state) = self.states.get_mut(id) {
            state.nested = true;
        }
        id
    }

    fn subsections(&mut self, vmsds: &[Vmsd<'_>]) -> Subsections {
        let mut all = Subsections::default();
        for vmsd in vmsds {
            let fields = self.fields(&vmsd.fields);
            let subsections = self.subsections(&vmsd.subsections);
            let one = Subsection { version: vmsd.version, fields, subsections, differs: false };
            all.join(Subsections([(vmsd.name.clone().into_owned(), one)].into()));
        }
        all
    }

    /// The fields, of which several entries in a row may be one array.
    fn fields(&mut self, entries: &[schema::Field<'_>]) -> Vec<Field> {
        entries.chunk_by(|a, b| a.name == b.name).flat_map(|entries| self.field(entries)).collect()
    }

    fn field(&mut self, entries: &[schema::Field<'_>]) -> Vec<Field> {
        let parts: Vec<_> = entries.iter().map(|it| (self.kind(it), it.count())).collect();
        let total = parts.iter().fold(0_u64, |n, (_, count)| n.saturating_add(*count));
        let name = entries.first().map(|it| &*it.name).unwrap_or_default();
        let field = |shape| Field { name: name.to_owned(), was: BTreeSet::new(), shape, since: None };
        let is_list = !matches!(entries, [schema::Field { run: Run::Single, .. }]);
        if let Some(kind) = one_kind(&parts) {
            return [field(Shape { index: None, count: is_list.then_some(total), kind })].into();
        }
        let mut index = 0_u64;
        let part = |(kind, count): (Kind, u64)| {
            let at = index;
            index = index.saturating_add(count);
            field(Shape { index: Some(at), count: (count != 1).then_some(count), kind })
        };
        parts.into_iter().map(part).collect()
    }

    fn kind(&mut self, field: &schema::Field<'_>) -> Kind {
        match (&*field.type_name, &field.content) {
            ("nullptr", _) | (_, Content::Struct(None)) => Kind::Null,
            (_, Content::Struct(Some(vmsd))) => Kind::State(self.nested(vmsd)),
            ("tmp", Content::Inline(parts)) if let [vmsd] = &**parts => Kind::Temporary(self.nested(vmsd)),
            ("vstruct", Content::Inline(parts)) if let [vmsd] = &**parts => {
                Kind::Versioned(self.nested(vmsd), vmsd.version)
            }
            ("qtailq" | "qlist", Content::Inline(parts)) => self.list(parts),
            ("qtailq" | "qlist", Content::Plain) => Kind::List(None),
            ("gtree", Content::Inline(parts)) => self.tree(parts),
            ("gtree", Content::Plain) => Kind::Tree(None),
            (name, _) => Kind::Leaf(name.to_owned(), field.size),
        }
    }

    fn list(&mut self, parts: &[Vmsd<'_>]) -> Kind {
        let ids: Vec<_> = parts.iter().map(|it| self.nested(it)).collect();
        match &*ids {
            [first, rest @ ..] if rest.iter().any(|it| it != first) => Kind::Mixed(*first),
            [first, ..] => Kind::List(Some(*first)),
            [] => Kind::List(None),
        }
    }

    /// A tree. Its keys are vmstates if every other vmstate is one that the others are not.
    fn tree(&mut self, parts: &[Vmsd<'_>]) -> Kind {
        let ids: Vec<_> = parts.iter().map(|it| self.nested(it)).collect();
        match &*ids {
            [] => Kind::Tree(None),
            [key, value, ..] if key != value => Kind::Tree(Some((Some(*key), *value))),
            [value, ..] => Kind::Tree(Some((None, *value))),
        }
    }
}

/// The kind of all elements of an array, if they are of one.
fn one_kind(parts: &[(Kind, u64)]) -> Option<Kind> {
    let mut there = parts.iter().map(|(kind, _)| kind).filter(|kind| **kind != Kind::Null);
    let Some(first) = there.next() else { return Some(Kind::Null) };
    let alike = there.all(|kind| kind == first);
    let nulls = parts.iter().any(|(kind, _)| *kind == Kind::Null);
    match first {
        Kind::State(id) if alike && nulls => Some(Kind::Nullable(*id)),
        kind if alike && !nulls => Some(kind.clone()),
        _ => None,
    }
}
