//! What a pull reader hands out: an enum of events for each root, and the structs in it.

use super::plan::{Frame, Given, Part, Plan, Run, Shape, Way, begun};
use crate::emit::ctx::Ctx;
use crate::emit::names::ident;
use crate::emit::rust_type::of_type;
use crate::emit::{docs, structs};
use crate::model::{FieldId, Struct, TypeId};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// One kind of event.
struct Event {
    name: Ident,
    of: Option<Ident>,
    doc: String,
}

/// The name of the enum of events of a root.
#[must_use]
pub fn enum_name(ctx: &Ctx<'_>, root: TypeId) -> Ident {
    format_ident!("{}Event", ctx.ty(root).rust)
}

/// The enum of events.
#[must_use]
pub fn emit(ctx: &Ctx<'_>, plan: &Plan<'_>) -> TokenStream {
    let (name, root) = (enum_name(ctx, plan.root), ident(&ctx.ty(plan.root).rust));
    let mut all: Vec<Event> = Vec::new();
    for event in plan.frames.iter().flat_map(|f| events(ctx, f)) {
        if !all.iter().any(|e| e.name == event.name) {
            all.push(event);
        }
    }
    let variants = all.iter().map(|Event { name, of, doc }| {
        let doc = docs::markdown_line(doc);
        let of = of.as_ref().map(|of| quote!((#of)));
        quote!(#doc #name #of)
    });
    let doc = format!(" A part of a [`{root}`], in the order of the bytes.");
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq)]
        #[allow(clippy::large_enum_variant, reason = "there is one event at a time")]
        pub enum #name { #(#variants),* }
    }
}

/// What a type hands out, and elements of its lists that are read at once.
fn events(ctx: &Ctx<'_>, frame: &Frame<'_>) -> Vec<Event> {
    let mut out = Vec::new();
    let name = ident(&ctx.ty(frame.id).rust);
    match &frame.shape {
        Shape::Struct(s, parts) => {
            for part in parts {
                match part {
                    Part::Run(run) => out.extend(of_run((ctx, frame.id, s), run)),
                    Part::Nested(_, n) => out.extend((!n.framed).then(|| element(ctx, n.of))),
                }
            }
        }
        Shape::Union(union, ways) => {
            for (case, way) in ways {
                out.extend(begun(ctx, frame.id, ways, case).map(|mark| {
                    let doc = format!("The start of {} of a [`{name}`].", docs::code(&case.written));
                    Event { name: mark, of: None, doc }
                }));
                match way {
                    Way::ToEnd(mark) => {
                        let doc = format!("{} of a [`{name}`]. It is pending, to the end.", docs::code(&case.written));
                        out.push(Event { name: mark.clone(), of: None, doc });
                    }
                    Way::Nested(n) => out.extend((!n.framed).then(|| element(ctx, n.of))),
                }
            }
            if ways.len() < union.cases.len() {
                let doc = format!("A [`{name}`] of any other case. Its payload, if it has some, is pending.");
                out.push(Event { name: name.clone(), of: Some(name), doc });
            }
        }
    }
    out
}

fn element(ctx: &Ctx<'_>, of: TypeId) -> Event {
    let name = of_type(ctx, of, true);
    Event { name: name.clone(), doc: format!("A [`{name}`]. Its payload is pending."), of: Some(name) }
}

fn of_run(of: (&Ctx<'_>, TypeId, &Struct), run: &Run) -> Option<Event> {
    let (ctx, id, s) = of;
    let root = ident(&ctx.ty(id).rust);
    let pending = pending(ctx, s, run);
    let place = place(s, run);
    Some(match run.event.as_ref()? {
        Given::Whole => Event { name: root.clone(), doc: format!("A [`{root}`].{pending}"), of: Some(root) },
        Given::Fields(name) => {
            let doc = format!("{place} of a [`{root}`].{pending}");
            Event { name: name.clone(), of: Some(name.clone()), doc }
        }
        Given::Mark(name) => Event { name: name.clone(), of: None, doc: format!("The end of a [`{root}`].{pending}") },
    })
}

fn place(s: &Struct, run: &Run) -> String {
    match run.after {
        None => "The first fields".to_owned(),
        Some(at) => format!("The fields behind {}", docs::code(&at.of(&s.fields).name)),
    }
}

/// What is said of payload behind a run.
fn pending(ctx: &Ctx<'_>, s: &Struct, run: &Run) -> String {
    let last = run.fields.last().map(|id| id.of(&s.fields));
    let payload = last.is_some_and(|f| super::plan::has_blob(ctx, f));
    match (run.to_end, payload) {
        (Some(id), _) => format!(" {} is pending, to the end.", docs::code(&id.of(&s.fields).name)),
        (None, true) => " Its payload is pending.".to_owned(),
        _ => String::new(),
    }
}

/// The structs of the fields that are handed out together, of all types that no other root has.
#[must_use]
pub fn structs(ctx: &Ctx<'_>, plan: &Plan<'_>, known: &[TypeId]) -> TokenStream {
    let new = plan.frames.iter().filter(|f| !known.contains(&f.id));
    let all = new.flat_map(|frame| {
        let Shape::Struct(s, parts) = &frame.shape else { return Vec::new() };
        let runs =
            parts.iter().enumerate().filter_map(|(n, p)| if let Part::Run(run) = p { Some((n, run)) } else { None });
        runs.filter_map(|(n, run)| fields((ctx, frame.id, s), run, n == 0)).collect()
    });
    quote!(#(#all)*)
}

fn fields(of: (&Ctx<'_>, TypeId, &Struct), run: &Run, first: bool) -> Option<TokenStream> {
    let (ctx, id, s) = of;
    let Some(Given::Fields(name)) = &run.event else { return None };
    let order = first.then(|| structs::byte_order(ctx.ty(id))).flatten();
    let members = run.fields.iter().map(|at: &FieldId| structs::members(ctx, id, *at, at.of(&s.fields)));
    let doc = docs::markdown_line(&format!("{} of a [`{}`].", place(s, run), ident(&ctx.ty(id).rust)));
    let derives = structs::derives();
    Some(quote!(#doc #derives pub struct #name { #order #(#members)* }))
}
