//! A struct that is read in parts: a state for each part.

use super::arm::{Arm, End, Member, Next, state};
use super::kept::{Local, kept, locals};
use super::nested::Around;
use super::plan::{Given, Part, Plan, Run, has_blob};
use crate::emit::ctx::{Ctx, line};
use crate::emit::expr::Env;
use crate::emit::names::{ident, pascal};
use crate::emit::read::{self, Reader};
use crate::emit::rust_type::local;
use crate::emit::scalar::Raise;
use crate::model::{FieldId, Struct, TypeId};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// A struct while its states are emitted.
struct Frame<'r> {
    plan: &'r Plan<'r>,
    reader: Reader<'r>,
    parts: &'r [Part<'r>],
    event: &'r Ident,
    locals: &'r [Local],
    /// What is kept before each part, and at the end.
    kept: Vec<Vec<&'r Local>>,
}

/// What a type that is read in parts becomes.
pub struct States {
    /// The states.
    pub arms: Vec<Arm>,
    /// The type of what is needed of it once it is read.
    pub seen: TokenStream,
}

/// The states of a struct; none where a part needs what another gave away.
#[must_use]
pub fn states<'r>(
    plan: &'r Plan<'r>,
    of: (&'r Ctx<'r>, TypeId, &'r Struct),
    parts: &'r [Part<'r>],
    event: &'r Ident,
) -> Option<States> {
    let (ctx, id, s) = of;
    let locals = locals(&Reader::new(ctx, id, s), parts);
    if hidden(ctx, plan, parts).iter().any(|name| locals.iter().any(|l| l.name == *name)) {
        return None;
    }
    let frame = |kept| Frame { plan, reader: Reader::new(ctx, id, s), parts, event, locals: &locals, kept };
    // What a part needs is known once it is emitted, and what it keeps for others once all are.
    let first = frame(vec![Vec::new(); parts.len().saturating_add(1)]);
    let mut tokens = Vec::new();
    for n in 0..parts.len() {
        let arms = first.arms(n)?;
        let all = arms.iter().map(Arm::tokens);
        tokens.push(quote!(#(#all)*));
    }
    let (seen, state) = (first.seen(), reading_state(ctx, plan, id));
    tokens.push(quote!(#seen #state));
    let frame = frame(kept(&locals, &tokens)?);
    let mut arms = Vec::new();
    for n in 0..parts.len() {
        arms.extend(frame.arms(n)?);
    }
    arms.extend(frame.end_arm());
    Some(States { arms, seen: frame.seen_type() })
}

/// The local of a root's state, which is kept to the end, as it can be looked at.
#[must_use]
pub fn reading_state(ctx: &Ctx<'_>, plan: &Plan<'_>, id: TypeId) -> Option<Ident> {
    let (_, scope) = ctx.format.scope_of(id).filter(|_| id == plan.root)?;
    Some(ident(&scope.local))
}

/// What fields of elements are called, which hides locals of the same name.
fn hidden(ctx: &Ctx<'_>, plan: &Plan<'_>, parts: &[Part<'_>]) -> Vec<Ident> {
    let framed = parts.iter().filter_map(|p| if let Part::Nested(_, n) = p { Some(n.of) } else { None });
    let seen = framed.flat_map(|of| plan.seen(of).into_iter().filter_map(move |id| ctx.format.field(of, id)));
    seen.map(Env::seen_local).collect()
}

impl Frame<'_> {
    /// The states of a part.
    fn arms(&self, n: usize) -> Option<Vec<Arm>> {
        match self.parts.get(n)? {
            Part::Run(run) => Some(vec![self.run(n, run)?]),
            Part::Nested(..) => {
                let kept = self.members(n);
                let around = self.around(n, &kept)?;
                Some(around.arms(&self.next(n.saturating_add(1))))
            }
        }
    }

    /// A part that is read in parts itself.
    fn around<'s>(&'s self, n: usize, kept: &'s [Member]) -> Option<Around<'s>> {
        let Some(Part::Nested(id, nested)) = self.parts.get(n) else { return None };
        Some(Around {
            plan: self.plan,
            env: &self.reader.env,
            nested,
            names: (&nested.field.rust, &nested.field.name),
            kept,
            order: read::order(&self.reader.env),
            due: self.reader.due(*id, &|id| self.reader.raise(id)),
            event: self.event,
        })
    }

    /// A run of fields.
    fn run(&self, n: usize, run: &Run) -> Option<Arm> {
        let reader = &self.reader;
        let mut parts = vec![read::order(&reader.env)];
        if n == 0 {
            parts.extend([read::started(&reader.env), quote!(let base = src.position();)]);
            parts.extend(self.ty().recursive.then(|| quote!(src.descend()?;)));
        }
        parts.extend(run.behind.into_iter().flat_map(|id| self.settle(n, id)));
        parts.extend(read::some(reader, &run.fields)?);
        if let Some(id) = run.to_end {
            let start = format_ident!("{}_at", id.of(&reader.s.fields).rust);
            parts.extend([quote!(src.pend_to_end()?;), quote!(let #start = src.position();)]);
        }
        if n.saturating_add(1) == self.parts.len() {
            parts.push(self.at_end());
        }
        let end = self.end(n, run);
        // What the end needs is not to be pruned, and stays where it is.
        let arm = Arm { name: self.name(n), members: self.members(n), body: TokenStream::new(), end };
        let end = arm.tokens();
        parts.push(quote!(#end));
        let whole: Vec<_> = read::prune(parts).into_iter().collect();
        let body = whole.len().saturating_sub(end.into_iter().count());
        Some(Arm { body: whole.into_iter().take(body).collect(), ..arm })
    }

    /// Statements that pass over the payload of a field; of a blob to the end it is known then how long it is.
    fn settle(&self, n: usize, id: FieldId) -> Vec<TokenStream> {
        let field = id.of(&self.reader.s.fields);
        let (label, at) = (&field.name, line(field.site));
        let mut out = vec![quote!(src.settle().field(#label, #at)?;)];
        let before = n.checked_sub(1).and_then(|n| self.parts.get(n));
        if matches!(before, Some(Part::Run(Run { to_end: Some(_), .. }))) {
            let (name, start) = (local(&field.rust), format_ident!("{}_at", field.rust));
            let due = self.reader.due(id, &|id| self.reader.raise(id));
            let blob = (!due.is_empty()).then(|| quote!(let #name = src.passed(#start);));
            out.push(quote!(#blob #due));
        }
        out
    }

    fn end(&self, n: usize, run: &Run) -> End {
        let (event, next) = (self.event, n.saturating_add(1));
        let given = match &run.event {
            None => return End::Go(self.next(next)),
            Some(Given::Mark(name)) => quote!(#event::#name),
            Some(Given::Whole) => {
                let (name, ids) =
                    (ident(&self.ty().rust), (0..self.reader.s.fields.len()).map(FieldId).collect::<Vec<_>>());
                let value = self.value(n, &ids);
                quote!(#event::#name(#name #value))
            }
            Some(Given::Fields(name)) => {
                let value = self.value(n, &run.fields);
                quote!(#event::#name(#name #value))
            }
        };
        End::Give(self.state(next, Some(n)), given)
    }

    fn ty(&self) -> &crate::model::Type {
        self.reader.env.ctx.ty(self.reader.env.ty)
    }

    /// The members of what a run hands out.
    fn value(&self, n: usize, ids: &[FieldId]) -> TokenStream {
        let order = (n == 0 && self.ty().holds_order()).then(|| quote!(byte_order: order));
        let members = ids.iter().flat_map(|id| read::members(id.of(&self.reader.s.fields)));
        let all = order.into_iter().chain(members);
        quote!({ #(#all),* })
    }

    /// The name of the state of a run.
    fn name(&self, n: usize) -> Ident {
        let before = n.checked_sub(1).and_then(|n| self.parts.get(n));
        match before {
            None => format_ident!("Start"),
            Some(Part::Nested(id, _)) => self.behind(*id),
            Some(Part::Run(run)) => match run.to_end.or(run.fields.last().copied()) {
                Some(id) => self.behind(id),
                None => format_ident!("Behind{n}"),
            },
        }
    }

    fn behind(&self, id: FieldId) -> Ident {
        format_ident!("Behind{}", pascal(&id.of(&self.reader.s.fields).rust))
    }

    fn members(&self, n: usize) -> Vec<Member> {
        let kept = self.kept.get(n).into_iter().flatten();
        kept.filter_map(|l| Some(Member { name: l.name.clone(), of: l.of.clone()?, changes: false })).collect()
    }

    /// What follows at once.
    fn next(&self, n: usize) -> Next {
        if n < self.parts.len() {
            return Next::State(self.state(n, None));
        }
        let nested = matches!(self.parts.last(), Some(Part::Nested(..)));
        let at_end = if nested { self.at_end() } else { TokenStream::new() };
        Next::Done(at_end, self.seen())
    }

    /// What the type remembers, once all of it is there.
    fn at_end(&self) -> TokenStream {
        let remember = crate::emit::remember::at_end(&self.reader.env, self.reader.s, &Raise::At(quote!(base)));
        let ascend = self.ty().recursive.then(|| quote!(src.ascend();));
        quote!(#remember #ascend)
    }

    /// The state of a part, or the end; `fresh` is the part whose locals are handed out too.
    fn state(&self, n: usize, fresh: Option<usize>) -> TokenStream {
        let kept: Vec<_> = self.kept.get(n).into_iter().flatten().map(|l| passed_on(l, fresh)).collect();
        match self.parts.get(n) {
            None => state(&format_ident!("End"), &kept),
            Some(Part::Run(_)) => state(&self.name(n), &kept),
            Some(Part::Nested(..)) => {
                let members = self.members(n);
                self.around(n, &members).map_or_else(TokenStream::new, |around| around.begin(&kept))
            }
        }
    }

    /// What of the type is needed once it is read.
    fn seen(&self) -> TokenStream {
        let ids = self.plan.seen(self.reader.env.ty);
        let names: Vec<_> = ids.iter().map(|id| local(&id.of(&self.reader.s.fields).rust)).collect();
        if let [one] = names.as_slice() { quote!(#one) } else { quote!((#(#names),*)) }
    }

    /// The state behind the last event, where that is no part.
    fn end_arm(&self) -> Option<Arm> {
        matches!(self.parts.last(), Some(Part::Run(Run { event: Some(_), .. }))).then(|| {
            let n = self.parts.len();
            let body = self.settle_last();
            Arm { name: format_ident!("End"), members: self.members(n), body, end: End::Go(self.next(n)) }
        })
    }

    /// The statement that passes over the payload of the last field, so that it is cut off there and not in what follows.
    fn settle_last(&self) -> TokenStream {
        let Some(Part::Run(run)) = self.parts.last() else { return TokenStream::new() };
        let last = run.to_end.or(run.fields.last().copied()).map(|id| id.of(&self.reader.s.fields));
        let Some(field) = last.filter(|f| has_blob(self.reader.env.ctx, f)) else { return TokenStream::new() };
        let (label, at) = (&field.name, line(field.site));
        quote!(src.settle().field(#label, #at)?;)
    }

    /// The type of what is needed of it once it is read.
    fn seen_type(&self) -> TokenStream {
        let ids = self.plan.seen(self.reader.env.ty);
        let all: Vec<_> = ids
            .iter()
            .filter_map(|id| {
                let name = local(&id.of(&self.reader.s.fields).rust);
                self.locals.iter().find(|l| l.name == name)?.of.clone()
            })
            .collect();
        if let [one] = all.as_slice() { quote!(#one) } else { quote!((#(#all),*)) }
    }
}

/// A local as a member of the next state: a clone where it is handed out too.
fn passed_on(l: &Local, fresh: Option<usize>) -> TokenStream {
    let name = &l.name;
    if l.is_cloned && fresh.is_some() && l.part == fresh { quote!(#name: #name.clone()) } else { quote!(#name) }
}
