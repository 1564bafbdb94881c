//! From JSON to a [`Schema`]. How deep this goes is bounded by the JSON reader.

use super::super::json::{ARRAY, Json, OBJECT};
use super::{Content, Device, Field, Run, Schema, Vmsd};
use crate::runtime::{Found, Result};
use crate::{Class, Error};
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;

/// How many fields and vmstates there may be. A PC has a few thousand.
const MAX_NODES: u32 = 1 << 20;

/// Takes a description apart.
pub(super) fn schema(text: &str) -> Result<Schema<'_>> {
    let mut builder = Builder { json: Json::new(text), nodes: 0 };
    let schema = builder.schema()?;
    builder.json.end()?;
    Ok(schema)
}

struct Builder<'a> {
    json: Json<'a>,
    nodes: u32,
}

/// The members of a vmstate, as far as they came.
#[derive(Default)]
struct Draft<'a> {
    name: Option<Cow<'a, str>>,
    version: Option<u32>,
    fields: Option<Vec<Field<'a>>>,
    subsections: Option<Vec<Vmsd<'a>>>,
}

/// What a `struct` holds, which may be nothing.
type Nested<'a> = Option<Box<Vmsd<'a>>>;

/// The members of a field, as far as they came.
#[derive(Default)]
struct FieldDraft<'a> {
    name: Option<Cow<'a, str>>,
    type_name: Option<Cow<'a, str>>,
    size: Option<u64>,
    run: Option<Run>,
    nested: Option<Nested<'a>>,
    inline: Vec<Draft<'a>>,
}

impl<'a> Builder<'a> {
    fn schema(&mut self) -> Result<Schema<'a>> {
        let (mut page_size, mut configuration, mut devices) = (None, None, None);
        self.object(|it, key| match key {
            "page_size" => it.set(&mut page_size, Self::number),
            "configuration" => it.set(&mut configuration, Self::vmsd),
            "devices" => it.set(&mut devices, |it| it.list(Self::device)),
            _ => it.json.skip(),
        })?;
        let devices: Vec<Device<'_>> = devices.ok_or_else(|| self.missing("devices"))?;
        let names = devices.iter().enumerate().rev();
        let places = names.map(|(place, it)| ((it.name.clone(), it.instance_id), place)).collect();
        Ok(Schema { page_size, configuration, devices, places })
    }

    fn device(&mut self) -> Result<Device<'a>> {
        let (mut name, mut instance, mut draft) = (None, None, Draft::default());
        self.object(|it, key| match key {
            "name" => it.set(&mut name, Self::text),
            "instance_id" => it.set(&mut instance, Self::instance),
            _ => it.member(&mut draft, key),
        })?;
        let name = name.ok_or_else(|| self.missing("name"))?;
        let instance_id = instance.ok_or_else(|| self.missing("instance_id"))?;
        Ok(Device { name, instance_id, state: self.finish(draft)? })
    }

    fn vmsd(&mut self) -> Result<Vmsd<'a>> {
        let mut draft = Draft::default();
        self.object(|it, key| it.member(&mut draft, key))?;
        self.finish_named(draft)
    }

    fn nested(&mut self) -> Result<Nested<'a>> {
        let mut draft = None;
        self.object(|it, key| it.member(draft.get_or_insert_default(), key))?;
        draft.map(|draft| self.finish_named(draft).map(Box::new)).transpose()
    }

    /// Takes a member of a vmstate.
    fn member(&mut self, draft: &mut Draft<'a>, key: &str) -> Result<()> {
        match key {
            "vmsd_name" => self.set(&mut draft.name, Self::text),
            "version" => self.set(&mut draft.version, Self::version),
            "fields" => self.set(&mut draft.fields, |it| it.list(Self::field)),
            "subsections" => self.set(&mut draft.subsections, |it| it.list(Self::vmsd)),
            _ => self.json.skip(),
        }
    }

    fn finish_named(&mut self, draft: Draft<'a>) -> Result<Vmsd<'a>> {
        if draft.name.is_none() {
            return Err(self.missing("vmsd_name"));
        }
        self.finish(draft)
    }

    /// The vmstate of these members. Only a device that writes its state by hand has none of a name.
    fn finish(&mut self, draft: Draft<'a>) -> Result<Vmsd<'a>> {
        self.count()?;
        let fields = draft.fields.ok_or_else(|| self.missing("fields"))?;
        let version = draft.version.unwrap_or_default();
        let (name, subsections) = (draft.name.unwrap_or_default(), draft.subsections.unwrap_or_default());
        Ok(Vmsd { name, version, fields, subsections })
    }

    fn field(&mut self) -> Result<Field<'a>> {
        self.count()?;
        let mut draft = FieldDraft::default();
        self.object(|it, key| it.field_member(&mut draft, key))?;
        let FieldDraft { name, type_name, size, run, nested, inline } = draft;
        let inline = inline.into_iter().map(|draft| self.finish(draft)).collect::<Result<Vec<_>>>()?;
        let content = match nested {
            Some(_) if !inline.is_empty() => return Err(self.wrong("a `struct` or a `vmsd_name`, not both")),
            Some(nested) => Content::Struct(nested),
            None if inline.is_empty() => Content::Plain,
            None => Content::Inline(inline),
        };
        Ok(Field {
            name: name.ok_or_else(|| self.missing("name"))?,
            type_name: type_name.ok_or_else(|| self.missing("type"))?,
            size: size.ok_or_else(|| self.missing("size"))?,
            run: run.unwrap_or_default(),
            content,
        })
    }

    fn field_member(&mut self, draft: &mut FieldDraft<'a>, key: &str) -> Result<()> {
        match key {
            "name" => self.set(&mut draft.name, Self::text),
            "type" => self.set(&mut draft.type_name, Self::text),
            "size" => self.set(&mut draft.size, Self::number),
            "index" => self.set(&mut draft.run, |it| it.number().map(Run::Index)),
            "array_len" => self.set(&mut draft.run, |it| it.number().map(Run::Array)),
            "struct" => self.set(&mut draft.nested, Self::nested),
            _ => self.inline_member(&mut draft.inline, key),
        }
    }

    /// Takes a member of a vmstate that lies right in a field's object. There may be several of them: each starts with its
    /// name.
    fn inline_member(&mut self, inline: &mut Vec<Draft<'a>>, key: &str) -> Result<()> {
        if key == "vmsd_name" {
            inline.push(Draft::default());
        }
        match inline.last_mut() {
            Some(draft) => self.member(draft, key),
            None if matches!(key, "version" | "fields" | "subsections") => Err(self.wrong("`vmsd_name` in front")),
            None => self.json.skip(),
        }
    }

    /// Takes an object, each value of which `member` takes when told its key.
    fn object(&mut self, mut member: impl FnMut(&mut Self, &str) -> Result<()>) -> Result<()> {
        self.json.open(OBJECT)?;
        let mut taken = 0_usize;
        while self.json.more(OBJECT, taken)? {
            let key = self.json.key()?;
            member(self, &key).map_err(|e| e.named(&key))?;
            taken = taken.saturating_add(1);
        }
        Ok(())
    }

    fn list<T>(&mut self, mut element: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        self.json.open(ARRAY)?;
        let mut list = Vec::new();
        while self.json.more(ARRAY, list.len())? {
            list.push(element(self).map_err(|e| e.index(list.len()))?);
        }
        Ok(list)
    }

    /// Takes a member that may be there once.
    fn set<T>(&mut self, to: &mut Option<T>, take: impl FnOnce(&mut Self) -> Result<T>) -> Result<()> {
        if to.is_some() {
            return Err(self.wrong("each key once"));
        }
        *to = Some(take(self)?);
        Ok(())
    }

    fn text(&mut self) -> Result<Cow<'a, str>> {
        self.json.string()
    }

    fn number(&mut self) -> Result<u64> {
        let number = self.json.integer()?;
        u64::try_from(number).map_err(|_| self.not_in_range(number))
    }

    fn version(&mut self) -> Result<u32> {
        let number = self.json.integer()?;
        u32::try_from(number).map_err(|_| self.not_in_range(number))
    }

    /// A number of 32 bits, which QEMU writes with a sign or without.
    fn instance(&mut self) -> Result<u32> {
        let number = self.json.integer()?;
        let signed = i32::try_from(number).map(i32::cast_unsigned);
        signed.or_else(|_| u32::try_from(number)).map_err(|_| self.not_in_range(number))
    }

    fn count(&mut self) -> Result<()> {
        self.nodes = self.nodes.saturating_add(1);
        if self.nodes > MAX_NODES {
            let expected = format!("at most {MAX_NODES} fields");
            return Err(Error::limit(expected, Found::Nothing).located(self.json.offset()));
        }
        Ok(())
    }

    #[cold]
    fn missing(&self, key: &str) -> Error {
        Error::new(Class::Invalid, format!("`{key}`"), Found::Nothing).located(self.json.offset())
    }

    #[cold]
    fn wrong(&self, expected: &'static str) -> Error {
        Error::new(Class::Invalid, expected, Found::Nothing).located(self.json.offset())
    }

    #[cold]
    fn not_in_range(&self, number: i64) -> Error {
        Error::new(Class::Invalid, "a number that fits", number).located(self.json.offset())
    }
}
