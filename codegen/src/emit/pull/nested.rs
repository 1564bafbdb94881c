//! The states in which a list or a type is read in parts.

use super::arm::{Arm, End, Member, Next, state, states};
use super::plan::{Nested, Plan};
use crate::emit::ctx::line;
use crate::emit::expr::Env;
use crate::emit::names::pascal;
use crate::emit::read_field::{Part, condition, content, held_args, held_spec, max, passed_order, size};
use crate::emit::read_list::{element_operand, least, max_count, tried};
use crate::emit::rules::uses;
use crate::emit::totals::Totals;
use crate::model::{Content, Expr, Field, Order, Policy, Repeat, Until};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// What is read in parts, and what is around it.
pub struct Around<'r> {
    /// The plan.
    pub plan: &'r Plan<'r>,
    /// What expressions see.
    pub env: &'r Env<'r>,
    /// What is read.
    pub nested: &'r Nested<'r>,
    /// What it is called, and in the path of an error.
    pub names: (&'r str, &'r str),
    /// What is kept while it is read.
    pub kept: &'r [Member],
    /// The statement that sets the byte order.
    pub order: TokenStream,
    /// What is checked behind it.
    pub due: TokenStream,
    /// The enum of events.
    pub event: &'r Ident,
}

impl Around<'_> {
    fn part(&self) -> Part<'_> {
        let (label, at) = (self.names.1, line(self.nested.field.site));
        let tail = if label.is_empty() { quote!(?) } else { quote!(.field(#label, #at)?) };
        let (env, field) = (self.env, self.nested.field);
        Part { env, field, drives: false, tail, start: quote!(src.position()), boxed: false }
    }

    /// The name of the state before it, where that decides something.
    fn before(&self) -> Option<Ident> {
        let field = self.nested.field;
        let counted =
            field.repeat.as_ref().is_some_and(|r| matches!(r.until, Until::Count(_)) || r.max_count.is_some());
        let decides = field.presence.is_some() || field.window.is_some() || counted;
        decides.then(|| format_ident!("Before{}", pascal(self.names.0)))
    }

    fn inside(&self) -> Ident {
        format_ident!("In{}", pascal(self.names.0))
    }

    /// The state in which it begins, with what is kept as these members.
    pub fn begin(&self, kept: &[TokenStream]) -> TokenStream {
        match self.before() {
            Some(name) => state(&name, kept),
            None => self.first(kept, &quote!(vmspec_runtime::PullList::OPEN)),
        }
    }

    /// The first state inside.
    fn first(&self, kept: &[TokenStream], list: &TokenStream) -> TokenStream {
        let mut members = kept.to_vec();
        members.extend(self.nested.field.window.as_ref().map(|_| quote!(outer)));
        match &self.nested.field.repeat {
            None => {
                let opened = self.opened();
                let start = self.closed(&quote!(#opened::Start));
                members.push(quote!(opened: #start));
            }
            Some(repeat) => {
                members.push(quote!(listed: #list));
                members.extend(is_limited(repeat).then(|| quote!(started: src.position())));
                members.extend(self.totals(repeat).into_iter().map(|(name, _, start)| quote!(#name: #start)));
                members.extend(self.nested.framed.then(|| quote!(opened: None)));
            }
        }
        state(&self.inside(), &members)
    }

    fn opened(&self) -> Ident {
        states(&self.env.ctx.ty(self.nested.of).rust)
    }

    /// Whether what is open has this type around it, so that its states lie behind a box.
    fn is_boxed(&self) -> bool {
        self.plan.boxed.contains(&(self.env.ty, self.nested.of))
    }

    /// The type of the states of what is open.
    fn opened_type(&self) -> TokenStream {
        let opened = self.opened();
        if self.is_boxed() { quote!(Box<#opened>) } else { quote!(#opened) }
    }

    /// A state of what is open, as it is held.
    fn closed(&self, opened: &TokenStream) -> TokenStream {
        if self.is_boxed() { quote!(Box::new(#opened)) } else { opened.clone() }
    }

    fn totals(&self, repeat: &Repeat) -> Vec<(Ident, TokenStream, TokenStream)> {
        ending(repeat).map_or_else(Vec::new, |c| Totals::of(self.env, self.nested.field, c).members())
    }

    /// What the state inside holds.
    fn members(&self) -> Vec<Member> {
        let mut members = self.kept.to_vec();
        members.extend(self.nested.field.window.as_ref().map(|_| held("outer", quote!(u64), false)));
        let opened = self.opened_type();
        let Some(repeat) = &self.nested.field.repeat else {
            members.push(held("opened", quote!(#opened), false));
            return members;
        };
        members.push(held("listed", quote!(vmspec_runtime::PullList), true));
        members.extend(is_limited(repeat).then(|| held("started", quote!(u64), false)));
        let totals = self.totals(repeat).into_iter();
        members.extend(totals.map(|(name, of, _)| Member { name, of, changes: true }));
        members.extend(self.nested.framed.then(|| held("opened", quote!(Option<#opened>), false)));
        members
    }

    /// The state inside, as it is; `opened` is the element that is being read.
    fn again(&self, opened: &TokenStream) -> TokenStream {
        let members = self.members();
        let members = members.iter().map(|m| &m.name);
        let all: Vec<_> =
            members.map(|name| if name == "opened" { quote!(opened #opened) } else { quote!(#name) }).collect();
        state(&self.inside(), &all)
    }

    /// Its states; `next` is what follows.
    #[must_use]
    pub fn arms(&self, next: &Next) -> Vec<Arm> {
        let before = self.before().map(|name| self.before_arm(name, next));
        let inside = match &self.nested.field.repeat {
            None => self.single(next),
            Some(repeat) if self.nested.framed => self.framed(repeat, next),
            Some(repeat) => self.whole(repeat, next),
        };
        before.into_iter().chain([inside]).collect()
    }

    /// Whether it is there, and how many elements.
    fn before_arm(&self, name: Ident, next: &Next) -> Arm {
        let (part, order) = (self.part(), &self.order);
        let kept: Vec<_> = self
            .kept
            .iter()
            .map(|m| {
                let name = &m.name;
                quote!(#name)
            })
            .collect();
        let repeat = self.nested.field.repeat.as_ref();
        let (mut count, mut list) = (self.enter(&part), quote!(vmspec_runtime::PullList::OPEN));
        if let Some(repeat @ Repeat { until: Until::Count(n), .. }) = repeat {
            let (n, least, tail) = (size(&part, n), least(&part), &part.tail);
            let limit = max_count(&part, repeat, &quote!(elements));
            count.extend(quote!(let elements = #n; #limit src.elements(elements, #least) #tail;));
            list = quote!(vmspec_runtime::PullList::new(elements));
        }
        let first = Next::State(self.first(&kept, &list));
        let (body, end) = match &self.nested.field.presence {
            None => (count, End::Go(first)),
            Some(presence) => {
                let there = condition(&part, &presence.that);
                let (first, absent) = (first.last(), next.last());
                (quote!(if #there { #count #first } else { #absent }), End::Nowhere)
            }
        };
        Arm { name, members: self.kept.to_vec(), body: crate::emit::read::prune(vec![order.clone(), body]), end }
    }

    /// The statement that enters its window.
    fn enter(&self, part: &Part<'_>) -> TokenStream {
        let Some(window) = &self.nested.field.window else { return TokenStream::new() };
        let (size, max, tail) = (size(part, &window.size), max(window.max), &part.tail);
        quote!(let outer = src.enter(#size, #max) #tail;)
    }

    /// What is done behind it: its window ends, and rules are due.
    fn ending(&self) -> TokenStream {
        let (due, part) = (&self.due, self.part());
        let Some(window) = &self.nested.field.window else { return due.clone() };
        let tail = &part.tail;
        let close = if window.slack == Policy::Zero { quote!(close_zero) } else { quote!(close) };
        quote!(src.#close() #tail; src.exit(outer); #due)
    }

    /// Statements that leave the list where it is over; `first` says whether no element is being read.
    fn over(&self, repeat: &Repeat, next: &Next, first: Option<TokenStream>) -> TokenStream {
        let (part, due, leave) = (self.part(), self.ending(), next.leave());
        let and = first.clone().map(|first| quote!(#first &&));
        let over = match &repeat.until {
            Until::Count(_) | Until::Until(_) => quote!(listed.is_over()),
            Until::Rest => {
                let tail = &part.tail;
                quote!(src.is_done() #tail)
            }
            Until::While(condition) => {
                let totals = Totals::of(self.env, self.nested.field, condition);
                let more = tried(&part, &totals.env(self.env), condition);
                let check = quote!(let goes_on = #more; if !goes_on { #due #leave });
                return match first {
                    Some(first) => quote!(if #first { #check }),
                    None => check,
                };
            }
        };
        quote!(if #and #over { #due #leave })
    }

    /// Statements behind an element, which is what `env` has as `it`.
    fn passed(&self, repeat: &Repeat, env: &Env<'_>) -> TokenStream {
        let part = self.part();
        let (mut step, mut last) = (TokenStream::new(), TokenStream::new());
        if let Some(condition) = ending(repeat) {
            let totals = Totals::of(self.env, self.nested.field, condition);
            step = totals.step_in(env);
            if let Until::Until(_) = &repeat.until {
                let ends = tried(&part, &totals.env(env), condition);
                last = quote!(listed.end_if(#ends););
            }
        }
        let limit = is_limited(repeat).then(|| {
            let part = Part { start: quote!(started), ..part };
            max_count(&part, repeat, &quote!(len64(listed.index())))
        });
        quote!(#step #last listed.pass(); #limit)
    }

    /// A list whose elements are read at once.
    fn whole(&self, repeat: &Repeat, next: &Next) -> Arm {
        let (part, event) = (self.part(), self.event);
        let single = Field { repeat: None, presence: None, name: String::new(), ..self.nested.field.clone() };
        let tail = &part.tail;
        let element = Part { field: &single, tail: quote!(.index(listed.index()) #tail), ..self.part() };
        let value = content(&element);
        let index = index(&value);
        let over = self.over(repeat, next, None);
        let passed = self.passed(repeat, &self.env.with_it(element_operand(self.nested.field)));
        let body = quote! {
            src.settle().index(listed.before()) #tail;
            #over
            #index
            let it = #value;
            #passed
        };
        let of = crate::emit::rust_type::of_type(self.env.ctx, self.nested.of, true);
        let give = End::Give(self.again(&TokenStream::new()), quote!(#event::#of(it)));
        self.arm(body, give)
    }

    /// A list whose elements are read in parts.
    fn framed(&self, repeat: &Repeat, next: &Next) -> Arm {
        let (part, start) = (self.part(), self.opened());
        let over = self.over(repeat, next, Some(quote!(opened.is_none())));
        let tail = &part.tail;
        let element = Part { tail: quote!(.index(listed.index()) #tail), ..self.part() };
        let (before, step) = self.step(&element);
        let index = index(&quote!(#before #step));
        let passed = self.passed(repeat, &self.env.with_seen(self.nested.of));
        let opened = self.closed(&quote!(opened));
        let again = self.again(&quote!(: Some(#opened)));
        let unopened = if self.is_boxed() {
            quote!(opened.map_or(#start::Start, |opened| *opened))
        } else {
            quote!(opened.unwrap_or(#start::Start))
        };
        let go_on = quote!(return Ok(vmspec_runtime::Pulled::Event(#again, event)));
        let step = match self.seen(&passed) {
            None => quote!(if let vmspec_runtime::Pulled::Event(opened, event) = #step { #go_on; }),
            Some(seen) => quote! {
                let #seen = match #step {
                    vmspec_runtime::Pulled::Event(opened, event) => #go_on,
                    vmspec_runtime::Pulled::Done(seen) => seen,
                };
            },
        };
        let body = quote! {
            #over
            #index
            let opened = #unopened;
            #before
            #step
            #passed
        };
        self.arm(body, End::Go(Next::State(self.again(&quote!(: None)))))
    }

    /// The pattern for what is seen of an element, where what is done behind it uses some of that.
    fn seen(&self, passed: &TokenStream) -> Option<TokenStream> {
        let seen = self.plan.seen(self.nested.of);
        let fields = seen.iter().filter_map(|id| self.env.ctx.format.field(self.nested.of, *id));
        let names: Vec<_> = fields.map(Env::seen_local).collect();
        if !names.iter().any(|name| uses(passed, name)) {
            return None;
        }
        let names: Vec<_> = names.iter().map(|n| if uses(passed, n) { quote!(#n) } else { quote!(_) }).collect();
        Some(if let [one] = names.as_slice() { quote!(#one) } else { quote!((#(#names),*)) })
    }

    /// A type that is read in parts.
    fn single(&self, next: &Next) -> Arm {
        let ((before, step), due) = (self.step(&self.part()), self.ending());
        let again = if self.is_boxed() { quote!(: Box::new(opened)) } else { TokenStream::new() };
        let again = self.again(&again);
        let body = quote! {
            #before
            if let vmspec_runtime::Pulled::Event(opened, event) = #step {
                return Ok(vmspec_runtime::Pulled::Event(#again, event));
            }
            #due
        };
        self.arm(body, End::Go(next.clone()))
    }

    fn arm(&self, body: TokenStream, end: End) -> Arm {
        let arm = Arm { name: self.inside(), members: self.members(), body, end };
        let body = crate::emit::read::prune(vec![self.order.clone(), arm.body.clone()]);
        Arm { body, ..arm }
    }

    /// What reads on in what was opened: a statement that comes first, and the result.
    fn step(&self, part: &Part<'_>) -> (TokenStream, TokenStream) {
        let (ctx, of, tail) = (self.env.ctx, self.nested.of, &part.tail);
        let args: &[Expr] = if let Content::Type { args, .. } = &self.nested.field.content { args } else { &[] };
        let (before, args) = held_args(part, of, args);
        let ty = ctx.ty(of);
        let args = (!ty.params.is_empty()).then(|| quote!(, #args));
        let order = matches!(ty.order, Order::Context).then(|| {
            let order = passed_order(self.env, of);
            quote!(, #order)
        });
        let spec = held_spec(self.env, of);
        let step = quote!(opened.step(src #order #args) #spec #tail);
        if before.is_empty() {
            return (TokenStream::new(), step);
        }
        // In a block, as an argument may have the name of something that is kept.
        (quote!(let value = { #(#before)* #step };), quote!(value))
    }
}

/// Whether the number of elements is looked at while they are read.
fn is_limited(repeat: &Repeat) -> bool {
    repeat.max_count.is_some() && !matches!(repeat.until, Until::Count(_))
}

/// The condition that ends a list.
fn ending(repeat: &Repeat) -> Option<&Expr> {
    match &repeat.until {
        Until::Until(condition) | Until::While(condition) => Some(condition),
        Until::Count(_) | Until::Rest => None,
    }
}

/// The statement that gives the index of the element, where it is asked for.
fn index(value: &TokenStream) -> Option<TokenStream> {
    uses(value, &format_ident!("index")).then(|| quote!(let index = len64(listed.index());))
}

fn held(name: &str, of: TokenStream, changes: bool) -> Member {
    Member { name: format_ident!("{name}"), of, changes }
}
