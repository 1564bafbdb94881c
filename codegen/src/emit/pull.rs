//! Pull readers: a root as events over a plain reader, with one element in memory and its payload still to be read.

use super::ctx::Ctx;
use super::docs;
use super::expr::{Env, Mode, Side};
use super::names::{ident, pascal};
use super::pull_plan::{Plan, Stream, plan};
use super::read::{self, Reader};
use super::read_field::{Part, size};
use super::read_list;
use super::rules::uses;
use super::rust_type::{local, of_type};
use super::segment::{self, Segment};
use super::structs;
use crate::model::{Field, FieldId, Order, Struct, TypeId, Until};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{format_ident, quote};

/// The pull reader of a root with payload; nothing for any other type, or where there can be none.
#[must_use]
pub fn emit(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let Some(plan) = plan(ctx, id, s) else { return TokenStream::new() };
    let parts = [
        head(ctx, id, s, &plan),
        tail(ctx, id, s, &plan),
        element(ctx, &plan),
        event(ctx, id, s, &plan),
        reader(ctx, id, s, &plan),
    ];
    quote!(#(#parts)*)
}

/// What the docs of a root with payload say when it has no pull reader.
#[must_use]
pub fn note(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let root = ctx.format.root == id || ctx.format.roots.contains(&id);
    if !root || !ctx.ty(id).has_blob || plan(ctx, id, s).is_some() {
        return TokenStream::new();
    }
    let text = docs::markdown_line(
        "It has no pull reader: its payload is not in its last field, or in the elements of one list.",
    );
    quote!(#[doc = ""] #text)
}

/// The name of something that belongs to a root.
fn named(ctx: &Ctx<'_>, id: TypeId, what: &str) -> Ident {
    format_ident!("{}{what}", ctx.ty(id).rust)
}

fn members(ctx: &Ctx<'_>, id: TypeId, fields: &[(FieldId, &Field)]) -> TokenStream {
    let all = fields.iter().map(|(at, f)| structs::members(ctx, id, *at, f));
    quote!(#(#all)*)
}

/// Some fields of the root as a type of their own, and the function that reads them: what it gives, and its body.
fn with_reader(name: &Ident, doc: &str, members: &TokenStream, reader: (&TokenStream, &TokenStream)) -> TokenStream {
    let (derives, (given, body)) = (structs::derives(), reader);
    let src = if uses(body, &format_ident!("src")) { quote!(src) } else { quote!(_) };
    let order = if structs::takes_order(body) { quote!(order) } else { quote!(_) };
    quote! {
        #[doc = #doc]
        #derives
        pub struct #name { #members }
        impl #name {
            fn read_from<I: Input>(#src: &mut Source<I>, #order: Endian) -> Result<#given> { #body }
        }
    }
}

/// The fields before the payload, and how they are read.
fn head(ctx: &Ctx<'_>, id: TypeId, s: &Struct, plan: &Plan<'_>) -> TokenStream {
    if !plan.has_head() {
        return TokenStream::new();
    }
    let (name, root) = (named(ctx, id, "Head"), ident(&ctx.ty(id).rust));
    let fields: Vec<_> = s.fields.iter().enumerate().take(plan.payload.0).map(|(i, f)| (FieldId(i), f)).collect();
    let members = members(ctx, id, &fields);
    let short = Struct { fields: s.fields.iter().take(plan.payload.0).cloned().collect(), ..s.clone() };
    let (body, counts) = counted(ctx, id, s, plan, read::body(ctx, id, &short));
    let given = if counts { quote!((Self, u64)) } else { quote!(Self) };
    let doc = format!(" The fields of a [`{root}`] before its payload.");
    with_reader(&name, &doc, &members, (&given, &body))
}

/// The reader of the head, which gives the number of elements too where a field says it.
fn counted(ctx: &Ctx<'_>, id: TypeId, s: &Struct, plan: &Plan<'_>, body: TokenStream) -> (TokenStream, bool) {
    let Some(Stream { repeat, .. }) = &plan.stream else { return (body, false) };
    let Until::Count(n) = &repeat.until else { return (body, false) };
    let env = Env::new(ctx, id, Side::Read);
    let part = part(&env, plan.payload.of(&s.fields));
    let (count, least) = (size(&part, n), read_list::least(&part));
    let (limit, tail) = (read_list::max_count(&part, repeat, &quote!(count)), &part.tail);
    let mut tokens: Vec<TokenTree> = body.into_iter().collect();
    let value = tokens.pop();
    tokens.pop();
    let start: TokenStream = tokens.into_iter().collect();
    let value = match value {
        Some(TokenTree::Group(g)) => g.stream(),
        other => quote!(#other),
    };
    (
        quote!(#start let elements = #count; { let count = elements; #limit src.elements(count, #least) #tail; } Ok((#value, elements))),
        true,
    )
}

/// The list or blob as part of the root.
fn part<'r>(env: &'r Env<'r>, field: &'r Field) -> Part<'r> {
    let (label, line) = (&field.name, super::ctx::line(field.site));
    Part {
        env,
        field,
        drives: false,
        tail: quote!(.field(#label, #line)?),
        start: quote!(src.position()),
        boxed: false,
    }
}

/// The fields behind a list.
fn tail(ctx: &Ctx<'_>, id: TypeId, s: &Struct, plan: &Plan<'_>) -> TokenStream {
    if plan.tail.is_empty() {
        return TokenStream::new();
    }
    let (name, root) = (named(ctx, id, "Tail"), ident(&ctx.ty(id).rust));
    let members = members(ctx, id, &plan.tail);
    let reader = Reader::new(ctx, id, s);
    let mut parts = vec![read::order(&reader.env)];
    let ids: Vec<FieldId> = plan.tail.iter().map(|f| f.0).collect();
    parts.extend(statements(&reader, s, &ids));
    let held = plan.tail.iter().filter(|(_, f)| f.is_held()).map(|(_, f)| {
        let (name, local) = (ident(&f.rust), local(&f.rust));
        if name == local { quote!(#name) } else { quote!(#name: #local) }
    });
    parts.push(quote!(Ok(Self { #(#held),* })));
    let body = read::prune(parts);
    let doc = format!(" The fields of a [`{root}`] behind its list.");
    with_reader(&name, &doc, &members, (&quote!(Self), &body))
}

/// The statements that read some fields, which start a segment.
fn statements(reader: &Reader<'_>, s: &Struct, ids: &[FieldId]) -> Vec<TokenStream> {
    let mut parts = Vec::new();
    for segment in segment::of(reader.env.ctx, s) {
        match &segment {
            Segment::Block(fields, size) if fields.iter().any(|f| ids.contains(&f.0)) => {
                parts.extend(read::block(reader, fields, *size, false));
            }
            Segment::Single(id) if ids.contains(id) => parts.extend(read::single(reader, *id)),
            _ => {}
        }
    }
    parts
}

/// How an element is read up to its payload, and finished.
fn element(ctx: &Ctx<'_>, plan: &Plan<'_>) -> TokenStream {
    let Some(stream) = &plan.stream else { return TokenStream::new() };
    let Some((last, s)) = stream.split else { return TokenStream::new() };
    let name = of_type(ctx, stream.of, true);
    let short = Struct { fields: s.fields.iter().take(last.0.saturating_add(1)).cloned().collect(), ..s.clone() };
    let begin = read::body(ctx, stream.of, &short);
    let reader = Reader::new(ctx, stream.of, s);
    let ids: Vec<FieldId> = (last.0.saturating_add(1)..s.fields.len()).map(FieldId).collect();
    let mut parts = vec![read::order(&reader.env)];
    parts.extend(statements(&reader, s, &ids));
    parts.push(quote!(Ok(())));
    let finish = read::prune(parts);
    let base = if uses(&finish, &format_ident!("base")) { quote!(base) } else { quote!(_) };
    let order = |body: &TokenStream| if structs::takes_order(body) { quote!(order) } else { quote!(_) };
    let (first, second) = (order(&begin), order(&finish));
    quote! {
        impl #name {
            /// Reads it up to its payload, which is then pending.
            fn begin<I: Input>(src: &mut Source<I>, #first: Endian) -> Result<Self> { #begin }
            /// Reads what follows its payload; it began at `base`.
            fn finish<I: Input>(src: &mut Source<I>, #second: Endian, #base: u64) -> Result<()> { #finish }
        }
    }
}

fn event(ctx: &Ctx<'_>, id: TypeId, s: &Struct, plan: &Plan<'_>) -> TokenStream {
    let (name, root) = (named(ctx, id, "Event"), ident(&ctx.ty(id).rust));
    let (head, tail) = (named(ctx, id, "Head"), named(ctx, id, "Tail"));
    let one = plan.stream.as_ref().map(|stream| {
        let (variant, of) = (variant(plan.payload.of(&s.fields)), of_type(ctx, stream.of, true));
        let doc = docs::markdown_line(&format!(
            "The next element of {}. Its payload is pending.",
            docs::code(&plan.payload.of(&s.fields).name)
        ));
        quote!(#doc #variant(#of),)
    });
    let tail = plan.has_tail().then(|| {
        let doc = if plan.ends_in_blob {
            " The fields behind the list. What follows is pending."
        } else {
            " The fields behind the list."
        };
        let fields = (!plan.tail.is_empty()).then(|| quote!((#tail)));
        quote!(#[doc = #doc] Tail #fields,)
    });
    let doc = format!(" A part of a [`{root}`], in the order of the bytes.");
    let first = if plan.stream.is_none() {
        " The fields before the payload, which is pending."
    } else {
        " The fields before the list."
    };
    let head = plan.has_head().then(|| quote!(#[doc = #first] Head(#head),));
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq)]
        pub enum #name { #head #one #tail }
    }
}

/// The variant for the elements of a list.
fn variant(field: &Field) -> Ident {
    let name = pascal(&field.rust);
    if name == "Head" || name == "Tail" { format_ident!("{name}Element") } else { ident(&name) }
}

fn reader(ctx: &Ctx<'_>, id: TypeId, s: &Struct, plan: &Plan<'_>) -> TokenStream {
    let (name, root, event) = (named(ctx, id, "Reader"), ident(&ctx.ty(id).rust), named(ctx, id, "Event"));
    let given = matches!(ctx.ty(id).order, Order::Context).then(|| quote!(, order: Endian));
    let order = if given.is_some() { quote!(order) } else { order_of(ctx, id) };
    let doc = format!(
        " Reads a [`{root}`] from a plain reader, part by part. At most one element is in memory, and no payload."
    );
    let (spec, steps) = (structs::spec(ctx.ty(id).site.file), steps(ctx, id, s, plan));
    quote! {
        #[doc = #doc]
        #[derive(Debug)]
        pub struct #name<R> { src: Source<vmspec_runtime::ReadInput<R>>, order: Endian, pull: vmspec_runtime::Pull }
        impl<R: binrw::io::Read> #name<R> {
            /// A reader of the bytes that `reader` gives. They are read in small pieces, so a slow one should be buffered.
            pub const fn new(reader: R #given) -> Self {
                Self { src: Source::new(vmspec_runtime::ReadInput::new(reader), 0), order: #order, pull: vmspec_runtime::Pull::START }
            }
            /// The next part; none at the end, and after an error. Payload that was not read is passed over.
            ///
            /// # Errors
            /// When the bytes break a rule or end early.
            pub fn next_event(&mut self) -> Result<Option<#event>> {
                let next = self.step();
                if next.is_err() { self.pull = vmspec_runtime::Pull::END; }
                next.map_err(|e| e.spec(#spec))
            }
            /// Reads of the payload that is pending; 0 when it is used up.
            ///
            /// # Errors
            /// Those of the reader; `UnexpectedEof` when the input ends before the payload does.
            pub fn read_pending(&mut self, to: &mut [u8]) -> binrw::io::Result<usize> { self.src.read_pending(to) }
            #steps
        }
    }
}

fn order_of(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    if let Order::Fixed(big) = ctx.ty(id).order { super::rust_type::order(big) } else { quote!(Endian::Little) }
}

fn steps(ctx: &Ctx<'_>, id: TypeId, s: &Struct, plan: &Plan<'_>) -> TokenStream {
    let (event, head) = (named(ctx, id, "Event"), named(ctx, id, "Head"));
    let field = plan.payload.of(&s.fields);
    let Some(stream) = &plan.stream else {
        return quote! {
            fn step(&mut self) -> Result<Option<#event>> {
                if !self.pull.is_start() { return self.src.settle().map(|()| None); }
                let head = #head::read_from(&mut self.src, self.order)?;
                self.src.pend_to_end();
                self.pull = vmspec_runtime::Pull::END;
                Ok(Some(#event::Head(head)))
            }
        };
    };
    let counts = matches!(stream.repeat.until, Until::Count(_));
    let start = if counts {
        quote!(let (head, count) = #head::read_from(&mut self.src, self.order)?; self.pull = vmspec_runtime::Pull::list(Some(count));)
    } else {
        quote!(let head = #head::read_from(&mut self.src, self.order)?; self.pull = vmspec_runtime::Pull::list(None);)
    };
    let (variant, read, finish, behind) =
        (variant(field), read_element(ctx, id, field, stream), finish(ctx, field, stream), behind(ctx, id, plan));
    let start = if plan.has_head() {
        quote!(#start return Ok(Some(#event::Head(head)));)
    } else {
        quote!(self.pull = vmspec_runtime::Pull::list(None);)
    };
    quote! {
        fn step(&mut self) -> Result<Option<#event>> {
            if self.pull.is_start() { #start }
            #finish
            match self.element()? {
                Some(it) => Ok(Some(#event::#variant(it))),
                None => self.behind(),
            }
        }
        #read
        /// What follows the list.
        fn behind(&mut self) -> Result<Option<#event>> { #behind }
    }
}

/// The statement that reads what follows the payload of the element before.
fn finish(ctx: &Ctx<'_>, field: &Field, stream: &Stream<'_>) -> TokenStream {
    if stream.split.is_none() {
        return TokenStream::new();
    }
    let (of, label, line) = (of_type(ctx, stream.of, true), &field.name, super::ctx::line(field.site));
    quote! {
        if let Some((index, base)) = self.pull.unfinished() {
            #of::finish(&mut self.src, self.order, base).index(index).field(#label, #line)?;
        }
    }
}

fn read_element(ctx: &Ctx<'_>, id: TypeId, field: &Field, stream: &Stream<'_>) -> TokenStream {
    let (of, label, line) = (of_type(ctx, stream.of, true), &field.name, super::ctx::line(field.site));
    let env = Env::new(ctx, id, Side::Read);
    let read = if stream.split.is_some() {
        quote!(#of::begin(&mut self.src, self.order))
    } else {
        quote!(#of::read_from(&mut self.src, self.order, ()))
    };
    let ends = matches!(stream.repeat.until, Until::Rest)
        .then(|| quote!(if !self.pull.is_over() && self.src.is_done().field(#label, #line)? { self.pull.end_list(); }));
    let done = quote!(#ends if self.pull.is_over() { return Ok(None); });
    let last = match &stream.repeat.until {
        Until::Until(condition) => {
            let operand = env.with_it(read_list::element_operand(field)).emit(condition);
            if operand.mode == Mode::Plain {
                operand.tokens
            } else {
                let (atom, expected) = (operand.atom(), format!("`{}`", condition.text));
                quote!(#atom.ok_or_else(|| Error::uncomputed(#expected).located(self.src.position())).field(#label, #line)?)
            }
        }
        _ => TokenStream::new(),
    };
    let (last, is_last) =
        if last.is_empty() { (last, quote!(false)) } else { (quote!(let last = #last;), quote!(last)) };
    quote! {
        /// The next element of the list.
        fn element(&mut self) -> Result<Option<#of>> {
            self.src.settle().index(self.pull.before()).field(#label, #line)?;
            #done
            let base = self.src.position();
            let it = #read.index(self.pull.index()).field(#label, #line)?;
            #last
            self.pull.element(base, #is_last);
            Ok(Some(it))
        }
    }
}

fn behind(ctx: &Ctx<'_>, id: TypeId, plan: &Plan<'_>) -> TokenStream {
    let (event, tail) = (named(ctx, id, "Event"), named(ctx, id, "Tail"));
    let end = plan.ends_in_blob.then(|| quote!(self.src.pend_to_end();));
    if !plan.has_tail() {
        return quote!(self.src.settle().map(|()| None));
    }
    let empty = plan.tail.is_empty();
    let read = (!empty).then(|| quote!(let tail = #tail::read_from(&mut self.src, self.order)?;));
    let held = (!empty).then(|| quote!((tail)));
    quote! {
        if self.pull.is_end() { return self.src.settle().map(|()| None); }
        #read
        #end
        self.pull = vmspec_runtime::Pull::END;
        Ok(Some(#event::Tail #held))
    }
}
