//! Pull readers: a root as events over a plain reader, with one element in memory and its payload still to be read. What is
//! nested is read depth first: a type that holds lists of payload is a machine of states, which holds that of what is open in
//! it. So an error passes through all types around it on its way out, and has its path from them.

mod arm;
mod event;
mod frame;
mod imports;
mod kept;
mod nested;
mod plan;
mod state;
mod union;

use super::ctx::Ctx;
use super::names::{ident, snake};
use super::rules::uses;
use super::{docs, module, rust_type, wire};
use crate::model::{Order, TypeId};
use frame::States;
use plan::{Frame, Plan, Shape};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// A pull reader, before it is put together.
struct Pull<'c> {
    plan: Plan<'c>,
    states: Vec<States>,
}

/// The pull reader of a root with payload; nothing for any other type, or where there can be none.
#[must_use]
pub fn emit(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let Some(pull) = pull(ctx, id) else { return TokenStream::new() };
    let (structs, event) = (event::structs(ctx, &pull.plan, &known(ctx, id)), event::emit(ctx, &pull.plan));
    let (module, reader) = (states_module(ctx, &pull), reader(ctx, id));
    quote!(#structs #event #reader #module)
}

/// What the docs of a root with payload say when it has no pull reader.
#[must_use]
pub fn note(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let root = ctx.format.root == id || ctx.format.roots.contains(&id);
    if !root || !ctx.ty(id).has_blob || has_reader(ctx, id) {
        return TokenStream::new();
    }
    let text = docs::markdown_line(
        "It has no pull reader: its payload does not come in the order of its fields, or a field behind payload needs more of \
         those before than a reader keeps.",
    );
    quote!(#[doc = ""] #text)
}

/// Whether a type has a pull reader.
#[must_use]
pub fn has_reader(ctx: &Ctx<'_>, id: TypeId) -> bool {
    pull(ctx, id).is_some()
}

/// The names of the types that are generated for a root's pull reader, its parts included.
#[must_use]
pub fn names(ctx: &Ctx<'_>, id: TypeId) -> Vec<(TypeId, String)> {
    plan::plan(ctx, id).map_or_else(Vec::new, |plan| plan.names(ctx))
}

/// A root's pull reader.
fn pull<'c>(ctx: &Ctx<'c>, id: TypeId) -> Option<Pull<'c>> {
    let plan = plan::plan(ctx, id)?;
    let event = event::enum_name(ctx, id);
    let mut all = Vec::new();
    for frame in &plan.frames {
        all.push(match &frame.shape {
            Shape::Struct(s, parts) => frame::states(&plan, (ctx, frame.id, s), parts, &event)?,
            Shape::Union(union, ways) => union::states(&plan, (ctx, frame.id, union), ways, &event),
        });
    }
    Some(Pull { states: all, plan })
}

/// The types that other roots before this one read in parts.
fn known(ctx: &Ctx<'_>, id: TypeId) -> Vec<TypeId> {
    let before = module::order(ctx.format).into_iter().take_while(|other| *other != id);
    let pulls = before.filter_map(|root| pull(ctx, root));
    pulls.flat_map(|p| p.plan.frames.iter().map(|f| f.id).collect::<Vec<_>>()).collect()
}

fn module_name(ctx: &Ctx<'_>, id: TypeId) -> Ident {
    ident(&format!("{}_reader", snake(&ctx.ty(id).rust)))
}

/// The private module of the states, in which no name meets one of the format's own.
fn states_module(ctx: &Ctx<'_>, pull: &Pull<'_>) -> TokenStream {
    let event = event::enum_name(ctx, pull.plan.root);
    let all =
        pull.plan.frames.iter().zip(&pull.states).map(|(frame, states)| machine(ctx, pull, (frame, states), &event));
    let body = quote!(#(#all)*);
    let imports = imports::imports(ctx, &body, &names(ctx, pull.plan.root));
    let name = module_name(ctx, pull.plan.root);
    quote! {
        #[allow(clippy::large_enum_variant, reason = "a box would be filled anew for each element")]
        mod #name {
            #imports
            #body
        }
    }
}

/// The states of a type, and what leads from one to the next.
fn machine(ctx: &Ctx<'_>, pull: &Pull<'_>, (frame, states): (&Frame<'_>, &States), event: &Ident) -> TokenStream {
    let ty = ctx.ty(frame.id);
    let (name, of) = (arm::states(&ty.rust), ident(&ty.rust));
    let variants = states.arms.iter().map(arm::Arm::variant);
    let (steps, changes) = arm::steps(&states.arms);
    let (of, this) = (format!(" Where the reading of a `{of}` is."), changes.then(|| quote!(mut)));
    let param = |name: &str| {
        let name = format_ident!("{name}");
        if uses(&steps, &name) { quote!(#name) } else { quote!(_) }
    };
    let src = param("src");
    let order = matches!(ty.order, Order::Context).then(|| {
        let order = param("order");
        quote!(, #order: Endian)
    });
    let args = (!ty.params.is_empty()).then(|| {
        let (args, of) = (param("args"), rust_type::args(ctx, frame.id, &quote!('_)));
        quote!(, #args: #of)
    });
    let seen = (states.seen.to_string() != "()").then(|| {
        let seen = &states.seen;
        quote!(, #seen)
    });
    let state = state::of_machine(ctx, &pull.plan, frame.id, &states.arms);
    quote! {
        #[doc = #of]
        #[derive(Debug)]
        pub(super) enum #name { #(#variants),* }
        impl #name {
            /// Reads up to the next event, or to the end.
            pub(super) fn step<R: binrw::io::Read>(#this self, #src: &mut Source<vmspec_runtime::ReadInput<R>> #order #args)
                -> Result<vmspec_runtime::Pulled<Self, #event #seen>>
            { #steps }
            #state
        }
    }
}

/// The reader itself.
fn reader(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let ty = ctx.ty(id);
    let (root, event, module) = (ident(&ty.rust), event::enum_name(ctx, id), module_name(ctx, id));
    let (name, states) = (format_ident!("{}Reader", ty.rust), arm::states(&ty.rust));
    let order = matches!(ty.order, Order::Context).then(|| (format_ident!("order"), quote!(Endian)));
    let args = (!ty.params.is_empty()).then(|| (format_ident!("args"), rust_type::args(ctx, id, &quote!('a))));
    let borrows = rust_type::args_borrow(&ty.params).then(|| quote!('a,));
    let elided = borrows.as_ref().map(|_| quote!('_,));
    let given: Vec<_> = order.clone().into_iter().chain(args).collect();
    let new = constructors(ctx, id, (&module, &order));
    let members: Vec<_> = given.iter().map(|(name, of)| quote!(#name: #of)).collect();
    let pass = given.iter().map(|(name, _)| quote!(, self.#name));
    let doc = format!(
        " Reads a [`{root}`] from a plain reader, part by part. At most one element is in memory, and no payload."
    );
    let (next, state) = (next_event(ctx, id, &quote!(#(#pass)*)), state::of_reader(ctx, id));
    quote! {
        #[doc = #doc]
        #[derive(Debug)]
        pub struct #name<#borrows R> {
            src: Source<vmspec_runtime::ReadInput<R>>,
            #(#members,)*
            /// Where the last event began.
            began: u64,
            /// None at the end, and after an error.
            at: Option<#module::#states>,
        }
        impl<#borrows R: binrw::io::Read> #name<#borrows R> {
            #new
            /// The same, reading ahead up to `capacity` bytes at once, so that payload which is passed over is not copied. Without
            /// it, the reader is never read past what is asked for.
            #[must_use]
            pub fn buffered(mut self, capacity: usize) -> Self {
                self.src.read_ahead(capacity);
                self
            }
            #next
            /// Reads of the payload that is pending; 0 when it is used up.
            ///
            /// # Errors
            /// Those of the reader; `UnexpectedEof` when the input ends before the payload does.
            pub fn read_pending(&mut self, to: &mut [u8]) -> binrw::io::Result<usize> { self.src.read_pending(to) }
            /// Offset of the last event, in bytes: where the one before ends, with its payload.
            #[must_use]
            pub const fn event_offset(&self) -> u64 { self.began }
            #state
        }
        impl<R: binrw::io::Read> vmspec_runtime::PullReader for #name<#elided R> {
            type Event = #event;
            fn next_event(&mut self) -> Result<Option<#event>> { Self::next_event(self) }
            fn read_pending(&mut self, to: &mut [u8]) -> binrw::io::Result<usize> { Self::read_pending(self, to) }
            fn buffered(self, capacity: usize) -> Self { Self::buffered(self, capacity) }
            fn event_offset(&self) -> u64 { Self::event_offset(self) }
        }
    }
}

/// The function that gives the next event; `pass` is what each step is given.
fn next_event(ctx: &Ctx<'_>, id: TypeId, pass: &TokenStream) -> TokenStream {
    let (event, spec) = (event::enum_name(ctx, id), wire::spec(ctx.ty(id).site.file));
    quote! {
        /// The next part; none at the end, and after an error. Payload that was not read is passed over.
        ///
        /// # Errors
        /// When the bytes break a rule or end early.
        pub fn next_event(&mut self) -> Result<Option<#event>> {
            let Some(at) = self.at.take() else { return Ok(None) };
            self.began = self.src.position();
            match at.step(&mut self.src #pass) {
                Ok(vmspec_runtime::Pulled::Event(at, event)) => {
                    self.at = Some(at);
                    Ok(Some(event))
                }
                Ok(vmspec_runtime::Pulled::Done(())) => self.src.settle().map(|()| None).map_err(|e| e.spec(#spec)),
                Err(e) => {
                    self.src.forget_pending();
                    Err(e.spec(#spec))
                }
            }
        }
    }
}

/// The functions that make a reader: with arguments, and without where there are defaults for them.
fn constructors(ctx: &Ctx<'_>, id: TypeId, (module, order): (&Ident, &Option<(Ident, TokenStream)>)) -> TokenStream {
    let ty = ctx.ty(id);
    let states = arm::states(&ty.rust);
    let (order_name, order_param) = match order {
        Some((name, of)) => (Some(quote!(#name,)), Some(quote!(, #name: #of))),
        None => (None, None),
    };
    let made = |args: Option<TokenStream>| quote!(Self { src: Source::new(vmspec_runtime::ReadInput::new(reader), 0), #order_name #args began: 0, at: Some(#module::#states::Start) });
    let doc = quote! {
        /// A reader of the bytes that `reader` gives. They are read in small pieces, so a slow one should be buffered.
    };
    if ty.params.is_empty() {
        let made = made(None);
        return quote!(#doc pub const fn new(reader: R #order_param) -> Self { #made });
    }
    let (of, given) = (rust_type::args(ctx, id, &quote!('a)), made(Some(quote!(args,))));
    if !ty.stands_alone() {
        return quote!(#doc pub const fn new(reader: R #order_param, args: #of) -> Self { #given });
    }
    let default = format_ident!("{}Args", ty.rust);
    quote! {
        #doc
        pub fn new(reader: R #order_param) -> Self { Self::with_args(reader, #order_name #default::default()) }
        /// The same with arguments.
        pub const fn with_args(reader: R #order_param, args: #of) -> Self { #given }
    }
}
