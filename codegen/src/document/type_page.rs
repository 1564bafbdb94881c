//! A page of types, and of the enums and flags beside them.

use super::markdown::{Table, blocks, code, heading, line, paragraphs, sentence, sources_line};
use super::places::{PagePlan, Places, anchor, is_part};
use super::users::Used;
use super::{Page, markdown, picture, size};
use crate::model::{Body, Order, Type, TypeId};

/// The most examples that a type links to.
const MOST_EXAMPLES: usize = 12;

/// Makes a page.
#[must_use]
pub fn page(places: &Places<'_>, plan: &PagePlan) -> Page {
    let title = format!("# {}", markdown::escaped(&plan.title));
    let types = plan.types.iter().map(|id| places.type_text(*id));
    let enums = plan.enums.iter().map(|id| places.enum_text(*id));
    let flags = plan.flags.iter().map(|id| places.flags_text(*id));
    let all = [title, places.contents(plan)].into_iter().chain(types).chain(enums).chain(flags);
    Page { file: plan.file.clone(), title: plan.title.clone(), text: blocks(all) + "\n" }
}

impl Places<'_> {
    /// What is on a page, in one line each.
    #[must_use]
    pub fn contents(&self, plan: &PagePlan) -> String {
        let mut table = Table::new(["Name", "Size", "Meaning"]);
        let named = plan.types.iter().filter(|id| !is_part(&self.format.ty(**id).name));
        for id in named {
            let ty = self.format.ty(*id);
            table.row([self.type_link(*id), size::of_type(ty.size), sentence(ty.doc.as_deref())]);
        }
        for id in &plan.enums {
            let e = self.format.enum_(*id);
            table.row([self.enum_link(*id), "enum".to_owned(), sentence(e.doc.as_deref())]);
        }
        for id in &plan.flags {
            let f = self.format.flags(*id);
            table.row([self.flags_link(*id), "flags".to_owned(), sentence(f.doc.as_deref())]);
        }
        table.text()
    }

    /// All of a type.
    fn type_text(&self, id: TypeId) -> String {
        let ty = self.format.ty(id);
        let level = if is_part(&ty.name) { 3 } else { 2 };
        let body = match &ty.body {
            Body::Struct(s) => self.struct_text(id, s),
            Body::Bits(bits) => self.bits_text(bits),
            Body::Union(union) => self.union_text(id, union),
        };
        blocks([
            heading(level, &anchor("type", &ty.name), &code(&ty.name)),
            paragraphs(ty.doc.as_deref()),
            facts(ty),
            self.params(ty),
            picture::figure(self, id),
            body,
            self.used_by(Used::Type(id)),
            self.examples_of(id),
            sources_line(&ty.refs),
        ])
    }

    fn params(&self, ty: &Type) -> String {
        let mut table = Table::new(["Param", "Type", "Meaning"]);
        for param in
            ty.params.iter().filter(|param| !param.captured && !param.ty.is_handed_down() && ty.outer.is_none())
        {
            table.row([code(&param.name), self.param(param), line(param.doc.as_deref())]);
        }
        table.text()
    }

    /// Links to the examples of a type.
    fn examples_of(&self, id: TypeId) -> String {
        let all: Vec<_> = self.format.examples.iter().filter(|example| example.of == id).collect();
        let link = |name: &str| format!("[{}](examples.md#{})", name.replace('_', " "), anchor("example", name));
        let links: Vec<String> = all.iter().take(MOST_EXAMPLES).map(|example| link(&example.name)).collect();
        let more = all.len().saturating_sub(links.len());
        match (links.is_empty(), more) {
            (true, _) => String::new(),
            (false, 0) => format!("Examples: {}.", links.join(", ")),
            (false, n) => format!("Examples: {}, and [{n} more](examples.md).", links.join(", ")),
        }
    }
}

/// Size, byte order, version, and its name in Rust.
fn facts(ty: &Type) -> String {
    let size = format!("Size: {}", size::of_type(ty.size));
    let version = ty.version.as_ref().map(|e| format!("version: {}", code(&e.text)));
    let rust = format!("in Rust: {}", code(&ty.rust));
    let all: Vec<String> = [Some(size), order(&ty.order), version, Some(rust)].into_iter().flatten().collect();
    format!("{}.", all.join("; "))
}

fn order(order: &Order) -> Option<String> {
    let name = |big: bool| if big { "big-endian" } else { "little-endian" };
    match order {
        Order::None => None,
        Order::Fixed(big) => Some(name(*big).to_owned()),
        Order::Expr(e) => Some(format!("byte order: {}", code(&e.text))),
        Order::Try { orders, condition } => {
            let all: Vec<&str> = orders.iter().map(|big| name(*big)).collect();
            Some(format!("{}: the first for which {}", all.join(" or "), code(&condition.text)))
        }
        Order::Context => Some("byte order of what it stands in".to_owned()),
    }
}
