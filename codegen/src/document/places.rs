//! Which page each declaration stands on, and links to it.

use super::markdown;
use crate::model::{EnumId, FlagsId, Format, TypeId};
use std::collections::BTreeSet;
use std::path::Path;

/// The most types that one page is about, those that are written in others included.
const MOST: usize = 32;

/// A page of declarations that is to be made.
#[derive(Debug)]
pub struct PagePlan {
    /// Its file.
    pub file: String,
    /// What it is called.
    pub title: String,
    /// Types with a name, each with the inline ones in it behind it.
    pub types: Vec<TypeId>,
    /// Enums.
    pub enums: Vec<EnumId>,
    /// Flags.
    pub flags: Vec<FlagsId>,
}

/// The pages of a format.
#[derive(Debug)]
pub struct Places<'f> {
    /// The format.
    pub format: &'f Format,
    pages: Vec<PagePlan>,
}

impl<'f> Places<'f> {
    /// Lays out the pages: one for each file of the spec, several where a file has many types.
    #[must_use]
    pub fn new(format: &'f Format) -> Self {
        let mut taken = BTreeSet::from(["index".to_owned(), "examples".to_owned(), "summary".to_owned()]);
        let pages = (0..format.files.len()).flat_map(|file| plans(format, file, &mut taken)).collect();
        Self { format, pages }
    }

    /// The pages of declarations.
    pub fn pages(&self) -> &[PagePlan] {
        &self.pages
    }

    /// A link to a type, with its name.
    #[must_use]
    pub fn type_link(&self, id: TypeId) -> String {
        self.named(&self.format.ty(id).name, |page| page.types.contains(&id))
    }

    /// Where a type is described.
    #[must_use]
    pub fn type_target(&self, id: TypeId) -> String {
        self.target(&self.format.ty(id).name, |page| page.types.contains(&id))
    }

    /// A link to an enum.
    #[must_use]
    pub fn enum_link(&self, id: EnumId) -> String {
        self.named(&self.format.enum_(id).name, |page| page.enums.contains(&id))
    }

    /// Where an enum is described.
    #[must_use]
    pub fn enum_target(&self, id: EnumId) -> String {
        self.target(&self.format.enum_(id).name, |page| page.enums.contains(&id))
    }

    /// A link to flags.
    #[must_use]
    pub fn flags_link(&self, id: FlagsId) -> String {
        self.named(&self.format.flags(id).name, |page| page.flags.contains(&id))
    }

    /// Where flags are described.
    #[must_use]
    pub fn flags_target(&self, id: FlagsId) -> String {
        self.target(&self.format.flags(id).name, |page| page.flags.contains(&id))
    }

    fn named(&self, name: &str, has: impl Fn(&PagePlan) -> bool) -> String {
        format!("[{}]({})", markdown::code(name), self.target(name, has))
    }

    fn target(&self, name: &str, has: impl Fn(&PagePlan) -> bool) -> String {
        let page = self.pages.iter().find(|page| has(page));
        format!("{}#{}", page.map_or("", |page| page.file.as_str()), anchor("type", name))
    }
}

/// What a declaration is linked by: its sort and its name, in characters that no link has to escape.
#[must_use]
pub fn anchor(sort: &str, name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '_' | '.') { c } else { '-' };
    format!("{sort}-{}", name.chars().map(plain).collect::<String>())
}

/// The pages of a file.
fn plans(format: &Format, file: usize, taken: &mut BTreeSet<String>) -> Vec<PagePlan> {
    let chunks = chunks(groups(format, file));
    let enums = format.enums.iter().enumerate().filter(|(_, e)| e.site.file == file).map(|(i, _)| EnumId(i)).collect();
    let flags = format.flags.iter().enumerate().filter(|(_, f)| f.site.file == file).map(|(i, _)| FlagsId(i)).collect();
    let stem = free_stem(format, file, taken);
    let name = if format.files.len() == 1 { "Types".to_owned() } else { stem.clone() };
    let values = PagePlan { file: format!("{stem}.md"), title: name.clone(), types: Vec::new(), enums, flags };
    let has_values = !values.enums.is_empty() || !values.flags.is_empty();
    if chunks.len() < 2 {
        let types = chunks.concat();
        let is_page = has_values || !types.is_empty();
        return is_page.then_some(PagePlan { types, ..values }).into_iter().collect();
    }
    let mut pages: Vec<_> =
        chunks.into_iter().enumerate().map(|(i, types)| one_of_several(format, (&stem, &name), i, types)).collect();
    if has_values {
        let title =
            if format.files.len() == 1 { "Enums and flags".to_owned() } else { format!("{stem}: enums and flags") };
        pages.push(PagePlan { file: format!("{stem}-values.md"), title, ..values });
    }
    pages
}

/// A page of some types of a file.
fn one_of_several(format: &Format, (stem, name): (&str, &str), i: usize, types: Vec<TypeId>) -> PagePlan {
    let end = |id: Option<&TypeId>| id.map(|id| head(&format.ty(*id).name)).unwrap_or_default();
    let (first, last) = (end(types.first()), end(types.last()));
    let title = if first == last { format!("{name}: {first}") } else { format!("{name}: {first} to {last}") };
    let file = format!("{stem}-{}.md", i.saturating_add(1));
    PagePlan { file, title, types, enums: Vec::new(), flags: Vec::new() }
}

/// Types that go onto one page: those of a name stay together, unless they are too many by themselves.
fn chunks(groups: Vec<Vec<TypeId>>) -> Vec<Vec<TypeId>> {
    let mut chunks: Vec<Vec<TypeId>> = Vec::new();
    for group in groups {
        match chunks.last_mut() {
            Some(chunk) if chunk.len().saturating_add(group.len()) <= MOST => chunk.extend(group),
            _ => chunks.extend(group.chunks(MOST).map(<[TypeId]>::to_vec)),
        }
    }
    chunks
}

/// The types of a file: each with a name of its own, and those written in it.
fn groups(format: &Format, file: usize) -> Vec<Vec<TypeId>> {
    let mut groups: Vec<(&str, Vec<TypeId>)> = Vec::new();
    for (i, ty) in format.types.iter().enumerate().filter(|(i, _)| home(format, TypeId(*i)) == file) {
        let name = head(&ty.name);
        match groups.iter_mut().find(|(of, _)| *of == name) {
            Some((_, group)) => group.push(TypeId(i)),
            None => groups.push((name, vec![TypeId(i)])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// The name of the type that one is written in: `image` for `image.area`.
fn head(name: &str) -> &str {
    name.split('.').next().unwrap_or_default()
}

/// Whether a type is written in another one.
#[must_use]
pub fn is_part(name: &str) -> bool {
    name.contains('.')
}

/// The file of a type; of an inline one, that of the type it stands in.
fn home(format: &Format, id: TypeId) -> usize {
    let ty = format.ty(id);
    ty.outer.map_or(ty.site.file, |outer| home(format, outer))
}

/// The name of the page of a file, that no other page has.
fn free_stem(format: &Format, file: usize, taken: &mut BTreeSet<String>) -> String {
    let path = format.files.get(file).map(String::as_str).unwrap_or_default();
    let stem = if format.files.len() == 1 {
        "types"
    } else {
        Path::new(path).file_stem().and_then(|s| s.to_str()).unwrap_or("types")
    };
    let stem = anchor("", stem).trim_start_matches('-').to_owned();
    let numbered = (2..).map(|n: u32| format!("{stem}-{n}"));
    let free = std::iter::once(stem.clone()).chain(numbered).find(|name| taken.insert(name.to_lowercase()));
    free.unwrap_or(stem)
}
