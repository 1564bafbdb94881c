//! Journals: what the runtime has to know of a format's entries. The head of an entry is a struct of its own, with
//! `journal::Entry`; all else of an entry is looked at where it lies.

pub mod element;
pub mod head;
pub mod holder;
pub mod operations;
pub mod places;
pub mod tail;
pub mod validate;

use super::ctx::Ctx;
use super::expr::{Env, Mode, Operand, Side};
use super::names::ident;
use super::rules;
use super::scalar::Raise;
use super::view::replaced;
use crate::model::{Expr, FieldId, Journal, Place, Role, Root, Step, Struct, TypeId};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// A journal while its items are emitted.
pub struct Of<'a> {
    /// What all emitters share.
    pub ctx: &'a Ctx<'a>,
    /// The journal.
    pub journal: &'a Journal,
    /// Its entry, as a struct.
    pub s: &'a Struct,
    /// The same without pins of which another value is kept: they are no rules.
    ruled: Struct,
    /// What expressions of the entry's own type see.
    pub env: Env<'a>,
}

impl<'a> Of<'a> {
    /// For a journal whose entry is a struct.
    #[must_use]
    pub fn new(ctx: &'a Ctx<'a>, journal: &'a Journal) -> Option<Self> {
        let s = ctx.ty(journal.entry).as_struct()?;
        let mut ruled = s.clone();
        for field in &mut ruled.fields {
            if matches!(&field.role, Role::Pinned(pin) if pin.kept) {
                field.role = Role::Held;
            }
        }
        Some(Self { ctx, journal, s, ruled, env: Env::new(ctx, journal.entry, Side::Read) })
    }

    /// The struct of an entry's head.
    #[must_use]
    pub fn head(&self) -> Ident {
        format_ident!("{}Head", self.journal.rust)
    }

    /// How many fields the head has: those in front of the first list.
    #[must_use]
    pub fn split(&self) -> usize {
        crate::resolve::head_fields(self.s)
    }

    /// What an expression about entries sees: `it` is `self`, the other one `prev`.
    fn about<'e>(&self, all: impl IntoIterator<Item = &'e Expr>) -> Env<'a> {
        let places = places::in_exprs(all);
        let given: Vec<_> = places.into_iter().map(|place| (place.clone(), self.of_head(&place))).collect();
        self.env.with_given(given)
    }

    /// What a place in an entry's head is.
    fn of_head(&self, place: &Place) -> Operand {
        let who = if place.root == Root::Other { quote!(prev) } else { quote!(self) };
        let seen = self.env.with_seen(self.journal.entry);
        let operand = seen.place(&Place { root: Root::It, steps: place.steps.clone() });
        let field = match place.steps.first() {
            Some(Step::Field(_, id)) => id.of(&self.s.fields),
            _ => return operand,
        };
        let (local, name) = (Env::seen_local(field), ident(&field.rust));
        let tokens = replaced(&operand.tokens, &local.to_string(), &quote!(#who.#name));
        Operand { tokens, ..operand }
    }
}

/// Everything that the journals of a type need beside it.
#[must_use]
pub fn emit(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let all = s.fields.iter().enumerate().filter_map(|(i, field)| {
        let of = Of::new(ctx, field.journal.as_deref()?)?;
        let (context, method) = (holder::context(&of, id), holder::method(&of, id, (FieldId(i), field)));
        let (head, implementation) = (head::definition(&of, field), implementation(&of, id));
        Some(quote!(#context #method #head #implementation))
    });
    quote!(#(#all)*)
}

fn implementation(of: &Of<'_>, holder: TypeId) -> TokenStream {
    let head = of.head();
    let (context, accept) = (holder::context_ty(of, holder), holder::accept(of, holder));
    let (decode, validate, operations) = (head::decode(of), validate::body(of), operations::body(of));
    let (marked, rest) = (crate::resolve::is_marked(of.ctx.format, of.journal), answers(of));
    quote! {
        impl vmspec_runtime::journal::Entry for #head {
            type Context = #context;
            const MARKED: bool = #marked;
            fn head(first: &[u8]) -> Result<Option<Self>> { #decode }
            #accept
            fn validate<S: vmspec_runtime::journal::Storage>(
                &self,
                src: &mut vmspec_runtime::journal::EntryBytes<'_, S>,
            ) -> Result<()> { #validate }
            #rest
            fn operations<S: vmspec_runtime::journal::Storage>(
                &self,
                src: &mut vmspec_runtime::journal::EntryBytes<'_, S>,
                each: &mut dyn FnMut(vmspec_runtime::journal::Operation<'_>) -> Result<()>,
            ) -> Result<()> { #operations }
        }
    }
}

/// What the head alone answers.
fn answers(of: &Of<'_>) -> TokenStream {
    let j = of.journal;
    let length = length(of);
    let follows = of.about([&j.follows]).condition(&j.follows);
    let prev = named(&follows, "prev");
    let newest = {
        let env = of.about([&j.newest]);
        let operand = env.number(env.emit(&j.newest));
        if operand.mode == Mode::Plain {
            env.to(&operand, true, 128)
        } else {
            let tried = env.tried(&operand);
            quote!(#tried.unwrap_or(i128::MIN))
        }
    };
    // What cannot be computed is no place in the ring, and no length of a file.
    let or_none = |e: &Expr| {
        let (tokens, fallible) = of.about([e]).u64(e);
        if fallible { quote!(#tokens.unwrap_or(u64::MAX)) } else { tokens }
    };
    let (tail, require) = (or_none(&j.tail), require(of));
    let grow = j.grow.as_ref().map(|e| {
        let grow = or_none(e);
        quote!(fn grow(&self) -> u64 { #grow })
    });
    quote! {
        fn length(&self) -> u64 { #length }
        fn follows(&self, #prev: &Self) -> bool { #follows }
        fn newest(&self) -> i128 { #newest }
        fn tail(&self) -> u64 { #tail }
        #require
        #grow
    }
}

/// A param, called `_` where a body does not use it.
fn named(body: &TokenStream, name: &str) -> Ident {
    let name = format_ident!("{name}");
    if rules::uses(body, &name) { name } else { format_ident!("_{name}") }
}

/// The length that an entry says it has. One that cannot be computed is 0, which is no length of an entry.
fn length(of: &Of<'_>) -> TokenStream {
    let Some(window) = &of.s.window else { return quote!(0) };
    let (size, fallible) = of.env.u64(&window.size);
    let locals = head::locals(of, &size);
    if fallible { quote!(#locals #size.unwrap_or(0)) } else { quote!(#locals #size) }
}

fn require(of: &Of<'_>) -> Option<TokenStream> {
    let rules = &of.journal.require;
    if rules.is_empty() {
        return None;
    }
    let env = of.about(rules.iter().map(|r| &r.that));
    let body = rules::require(&env, rules, &Raise::Unwritten);
    let length = named(&body, "length");
    Some(quote!(fn require(&self, #length: u64) -> Result<()> { #body Ok(()) }))
}
