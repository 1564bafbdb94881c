//! The decoder. It goes where the description leads, which the JSON reader keeps from being too deep, and stops after so many
//! values that no device has them.

use super::{
    Body, Framing, Inline, InlineForm, LeafType, Member, SubsectionHead, Subsections, TreeKey, TreeNode, Value,
};
use crate::qevm::schema::{Content, Field, Vmsd};
use crate::runtime::{Found, Result, len64};
use crate::{Class, Error};
use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;

/// How many vmstates and fields a state may have. Elements of an array with nothing inside do not count.
const MAX_NODES: u32 = 1 << 18;

/// Takes apart the state that `bytes` start with, and that lies at `offset`. How many bytes it takes is the length of
/// [`Body::bytes`].
///
/// # Errors
/// `truncated` when the bytes end before it does; `invalid` where they are not as described; `limit` for more than a quarter
/// of a million values.
pub fn decode<'a>(vmsd: &'a Vmsd<'a>, bytes: &'a [u8], offset: u64, framing: &impl Framing) -> Result<Body<'a>> {
    Decoder { framing, others: None, bytes, offset, at: 0, nodes: 0 }.body(vmsd)
}

/// Takes apart a state by the description of another stream of the same machine. Of that, the subsections say nothing: which are
/// there is seen by looking ahead, as QEMU itself does, and what they are is known by `others`.
///
/// `bytes` should go on behind the state, as far as the head of a subsection may reach; see [`Framing::longest_subsection_head`].
///
/// # Errors
/// As [`decode`]; `unsupported` for a subsection that the description does not have.
pub fn decode_other<'a>(
    vmsd: &'a Vmsd<'a>,
    others: &Subsections<'a>,
    bytes: &'a [u8],
    offset: u64,
    framing: &impl Framing,
) -> Result<Body<'a>> {
    Decoder { framing, others: Some(others), bytes, offset, at: 0, nodes: 0 }.body(vmsd)
}

/// How many bytes a state takes by what its description says. Not exact for arrays whose elements differ, of which only the
/// first is described, so good for how much to have at hand before [`decode`] tells.
#[must_use]
pub fn expected_length(vmsd: &Vmsd<'_>, framing: &impl Framing) -> u64 {
    let fields = vmsd.fields.iter().map(|field| field.size.saturating_mul(field.count()));
    let subsections = vmsd
        .subsections
        .iter()
        .map(|it| framing.subsection_head_length(&it.name).saturating_add(expected_length(it, framing)));
    fields.chain(subsections).fold(0, u64::saturating_add)
}

struct Decoder<'a, 'f, F> {
    framing: &'f F,
    /// What subsections there may be, where the description is that of another stream.
    others: Option<&'f Subsections<'a>>,
    bytes: &'a [u8],
    offset: u64,
    at: usize,
    nodes: u32,
}

impl<'a, F: Framing> Decoder<'a, '_, F> {
    fn body(&mut self, vmsd: &'a Vmsd<'a>) -> Result<Body<'a>> {
        self.count()?;
        let (start, offset) = (self.at, self.here());
        let mut members = Vec::new();
        for field in &vmsd.fields {
            members.push(self.member(field).map_err(|e| e.named(&field.name))?);
        }
        let subsections = match self.others {
            None => self.described(vmsd)?,
            Some(others) => self.ahead(vmsd, others)?,
        };
        Ok(Body { vmsd, offset, bytes: self.since(start), members, subsections })
    }

    /// The subsections that were sent by the stream's own description.
    fn described(&mut self, vmsd: &'a Vmsd<'a>) -> Result<Vec<Body<'a>>> {
        let mut subsections = Vec::new();
        for subsection in &vmsd.subsections {
            let at = self.here();
            let head = self.framing.subsection(self.rest()).map_err(|e| e.moved(at).named(&subsection.name))?;
            if head.name != subsection.name.as_bytes() {
                let expected = format!("a subsection `{}`", subsection.name);
                return Err(Error::new(Class::Invalid, expected, head.name).located(at).named(&subsection.name));
            }
            subsections.push(self.subsection(subsection, head).map_err(|e| e.named(&subsection.name))?);
        }
        Ok(subsections)
    }

    /// The subsections that follow. What does not begin with the name of the state is not one of its own, and is not taken.
    fn ahead(&mut self, vmsd: &'a Vmsd<'a>, others: &Subsections<'a>) -> Result<Vec<Body<'a>>> {
        let mut subsections = Vec::new();
        // What a device writes by hand has no name, and no subsections.
        while let Ok(head) = self.framing.subsection(self.rest()) {
            let own = head.name.strip_prefix(vmsd.name.as_bytes());
            if vmsd.name.is_empty() || own.is_none_or(<[u8]>::is_empty) {
                break;
            }
            let Some(subsection) = others.find(vmsd, head.name) else {
                let expected = format!("a subsection of `{}` that the description has", vmsd.name);
                return Err(Error::new(Class::Unsupported, expected, head.name).located(self.here()));
            };
            subsections.push(self.subsection(subsection, head).map_err(|e| e.named(&subsection.name))?);
        }
        Ok(subsections)
    }

    fn subsection(&mut self, vmsd: &'a Vmsd<'a>, head: SubsectionHead<'_>) -> Result<Body<'a>> {
        let at = self.here();
        if head.version != vmsd.version {
            let expected = format!("version {}, as described", vmsd.version);
            return Err(Error::new(Class::Invalid, expected, head.version).located(at));
        }
        self.take(head.length)?;
        self.body(vmsd)
    }

    fn member(&mut self, field: &'a Field<'a>) -> Result<Member<'a>> {
        self.count()?;
        let (start, offset) = (self.at, self.here());
        let value = match &field.content {
            Content::Struct(Some(vmsd)) => Value::Structs(self.each(field, |it, _| it.body(vmsd))?),
            Content::Struct(None) => self.leaves(field, LeafType::Null)?,
            Content::Inline(parts) => self.inline(field, parts)?,
            Content::Plain if field.type_name == "capability" => Value::Texts(self.each(field, |it, _| it.text())?),
            Content::Plain => self.plain(field)?,
        };
        Ok(Member { field, offset, bytes: self.since(start), value })
    }

    /// A field without a description of its inside. An empty list has none either.
    fn plain(&mut self, field: &'a Field<'a>) -> Result<Value<'a>> {
        if is_list(field) {
            return self.inline(field, &[]);
        }
        let (kind, size) = LeafType::named(&field.type_name);
        if size.is_some_and(|size| size != field.size) {
            let expected = format!("the size of `{}`", field.type_name);
            return Err(self.wrong(expected, field.size));
        }
        self.leaves(field, kind)
    }

    fn leaves(&mut self, field: &Field<'_>, kind: LeafType) -> Result<Value<'a>> {
        if field.size == 0 && field.count() > 1 {
            return Err(self.wrong("elements of at least one byte", field.size));
        }
        let length = field.size.checked_mul(field.count()).and_then(|n| usize::try_from(n).ok());
        let at = self.here();
        let bytes = self.take(length.unwrap_or(usize::MAX))?;
        if kind == LeafType::Null && !bytes.iter().all(|b| self.framing.is_null(*b)) {
            return Err(Error::new(Class::Invalid, "the marker of a null pointer", bytes).located(at));
        }
        Ok(Value::Leaves(kind))
    }

    fn text(&mut self) -> Result<&'a [u8]> {
        let at = self.here();
        let (text, length) = self.framing.text(self.rest()).map_err(|e| e.moved(at))?;
        self.take(length)?;
        Ok(text)
    }

    fn inline(&mut self, field: &'a Field<'a>, parts: &'a [Vmsd<'a>]) -> Result<Value<'a>> {
        let one = matches!(&*field.type_name, "tmp" | "vstruct");
        match parts {
            _ if is_list(field) => self.forms(field, |it, exact| it.list(field, parts, exact)),
            [part] if one => self.forms(field, |it, _| Ok(InlineForm::One(it.body(part)?))),
            _ if one => Err(self.wrong("one vmstate in the description", len64(parts.len()))),
            _ => self.leaves(field, LeafType::Bytes),
        }
    }

    fn forms(
        &mut self,
        field: &Field<'_>,
        mut form: impl FnMut(&mut Self, bool) -> Result<InlineForm<'a>>,
    ) -> Result<Value<'a>> {
        let values = self.each(field, |it, index| {
            it.count()?;
            let (start, offset) = (it.at, it.here());
            let form = form(it, index == 0)?;
            Ok(Inline { offset, bytes: it.since(start), form })
        });
        values.map(Value::Inline)
    }

    /// A list or tree. Of those in an array only the first is described: others may be longer or shorter, so only of the first
    /// the length must be `exact`.
    fn list(&mut self, field: &Field<'_>, parts: &'a [Vmsd<'a>], exact: bool) -> Result<InlineForm<'a>> {
        if field.type_name == "gtree" {
            return self.tree(parts);
        }
        let mut bodies = Vec::new();
        while self.goes_on()? {
            let part = parts.get(bodies.len()).or_else(|| parts.last().filter(|_| !exact));
            let part = part.ok_or_else(|| self.wrong("as many elements as described", len64(parts.len())))?;
            bodies.push(self.body(part).map_err(|e| e.index(bodies.len()))?);
        }
        if exact && bodies.len() != parts.len() {
            return Err(self.wrong("as many elements as described", len64(bodies.len())));
        }
        Ok(InlineForm::List(bodies))
    }

    /// A tree. Its keys are vmstates where the description has two of these for each node, else numbers.
    fn tree(&mut self, parts: &'a [Vmsd<'a>]) -> Result<InlineForm<'a>> {
        let at = self.here();
        let (nodes, length) = self.framing.node_count(self.rest()).map_err(|e| e.moved(at))?;
        self.take(length)?;
        let described = len64(parts.len());
        let keyed = described == nodes.saturating_mul(2);
        if !keyed && described != nodes {
            return Err(Error::new(Class::Invalid, "as many nodes as described", nodes).located(at));
        }
        let mut tree = Vec::new();
        for parts in parts.chunks(if keyed { 2 } else { 1 }) {
            if !self.goes_on()? {
                return Err(self.wrong("as many nodes as counted", len64(tree.len())));
            }
            tree.push(self.node(parts).map_err(|e| e.index(tree.len()))?);
        }
        if self.goes_on()? {
            return Err(self.wrong("the end of the tree", Found::Nothing));
        }
        Ok(InlineForm::Tree(tree))
    }

    fn node(&mut self, parts: &'a [Vmsd<'a>]) -> Result<TreeNode<'a>> {
        self.count()?;
        let (key, value) = match parts {
            [key, value] => (TreeKey::Body(self.body(key)?), value),
            [value] => (TreeKey::Direct(self.take(self.framing.direct_key_length())?), value),
            _ => return Err(self.wrong("a key and a value", len64(parts.len()))),
        };
        Ok(TreeNode { key, value: self.body(value)? })
    }

    /// Every element of a field, told its index.
    fn each<T>(&mut self, field: &Field<'_>, mut one: impl FnMut(&mut Self, usize) -> Result<T>) -> Result<Vec<T>> {
        let count = usize::try_from(field.count()).unwrap_or(usize::MAX);
        let mut list = Vec::new();
        for index in 0..count {
            list.push(one(self, index).map_err(|e| if count > 1 { e.index(index) } else { e })?);
        }
        Ok(list)
    }

    /// Takes the marker that says whether another element follows.
    fn goes_on(&mut self) -> Result<bool> {
        let marker = self.take(1)?;
        Ok(marker.iter().any(|byte| self.framing.goes_on(*byte)))
    }

    fn take(&mut self, n: usize) -> Result<&'a [u8]> {
        let rest = self.rest();
        let Some(taken) = rest.get(..n) else {
            return Err(Error::short(Class::Truncated, self.here(), len64(n), len64(rest.len())));
        };
        self.at = self.at.saturating_add(n);
        Ok(taken)
    }

    fn count(&mut self) -> Result<()> {
        self.nodes = self.nodes.saturating_add(1);
        if self.nodes > MAX_NODES {
            return Err(Error::limit(format!("at most {MAX_NODES} values"), Found::Nothing).located(self.here()));
        }
        Ok(())
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn since(&self, start: usize) -> &'a [u8] {
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    fn here(&self) -> u64 {
        self.offset.saturating_add(len64(self.at))
    }

    #[cold]
    fn wrong(&self, expected: impl Into<Cow<'static, str>>, found: impl Into<Found>) -> Error {
        Error::new(Class::Invalid, expected, found).located(self.here())
    }
}

/// Whether it is of elements with markers between.
fn is_list(field: &Field<'_>) -> bool {
    matches!(&*field.type_name, "qtailq" | "qlist" | "gtree")
}
