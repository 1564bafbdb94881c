//! The states of a type that is read in parts: what each holds, what is done in it, and where that leads.

use crate::emit::rules::uses;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// A state.
pub struct Arm {
    /// Its name.
    pub name: Ident,
    /// What it holds.
    pub members: Vec<Member>,
    /// What is done in it.
    pub body: TokenStream,
    /// Where that leads.
    pub end: End,
}

/// What a state holds.
#[derive(Clone)]
pub struct Member {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub of: TokenStream,
    /// Whether it changes while it is held.
    pub changes: bool,
}

/// Where a state leads.
pub enum End {
    /// An event is handed out, and this state follows.
    Give(TokenStream, TokenStream),
    /// It goes on at once.
    Go(Next),
    /// All was done in the body.
    Nowhere,
}

/// What follows at once.
#[derive(Clone)]
pub enum Next {
    /// A state.
    State(TokenStream),
    /// Nothing: what is done last, and what of the type is still needed.
    Done(TokenStream, TokenStream),
}

impl Next {
    /// As the last statement of a state.
    #[must_use]
    pub fn last(&self) -> TokenStream {
        match self {
            Self::State(state) => quote!(self = #state;),
            Self::Done(at_end, seen) => quote!(#at_end return Ok(vmspec_runtime::Pulled::Done(#seen));),
        }
    }

    /// As a statement behind which nothing of the state is done.
    #[must_use]
    pub fn leave(&self) -> TokenStream {
        let last = self.last();
        let go_on = matches!(self, Self::State(_)).then(|| quote!(continue;));
        quote!(#last #go_on)
    }
}

impl Arm {
    /// Its variant in the enum of states.
    #[must_use]
    pub fn variant(&self) -> TokenStream {
        let (name, members) = (&self.name, self.members.iter().map(|m| (&m.name, &m.of)));
        let members: Vec<_> = members.map(|(name, of)| quote!(#name: #of)).collect();
        if members.is_empty() { quote!(#name) } else { quote!(#name { #(#members),* }) }
    }

    /// All that is done in it, for what it needs of the states before.
    #[must_use]
    pub fn tokens(&self) -> TokenStream {
        let (body, end) = (&self.body, self.end_tokens(true));
        quote!(#body #end)
    }

    /// Whether it can lead to a state at once.
    fn loops(&self) -> bool {
        self.tokens().to_string().contains("self = Self ::")
    }

    fn end_tokens(&self, looped: bool) -> TokenStream {
        match &self.end {
            End::Give(state, event) if looped => quote!(return Ok(vmspec_runtime::Pulled::Event(#state, #event));),
            End::Give(state, event) => quote!(Ok(vmspec_runtime::Pulled::Event(#state, #event))),
            End::Go(Next::Done(at_end, seen)) if !looped => quote!(#at_end Ok(vmspec_runtime::Pulled::Done(#seen))),
            End::Go(next) => next.last(),
            End::Nowhere => TokenStream::new(),
        }
    }

    fn arm(&self, looped: bool) -> TokenStream {
        let (name, body, end) = (&self.name, &self.body, self.end_tokens(looped));
        let done = quote!(#body #end);
        let members: Vec<_> = self.members.iter().map(|m| pattern(m, &done)).collect();
        let members = (!members.is_empty()).then(|| quote!({ #(#members),* }));
        quote!(Self::#name #members => { #done })
    }
}

/// A member as it is bound: what is changed is `mut`.
fn pattern(member: &Member, done: &TokenStream) -> TokenStream {
    let name = &member.name;
    match (member.changes, uses(done, name)) {
        (true, _) => quote!(mut #name),
        (_, true) => quote!(#name),
        _ => quote!(#name: _),
    }
}

/// The body of the function that goes from state to state until there is an event; whether that changes `self`.
#[must_use]
pub fn steps(arms: &[Arm]) -> (TokenStream, bool) {
    let looped = arms.iter().any(Arm::loops);
    let all = arms.iter().map(|arm| arm.arm(looped));
    let choice = quote!(match self { #(#all)* });
    if looped { (quote!(loop { #choice }), true) } else { (choice, false) }
}

/// A state as an expression: its name, and its members by the locals of their names.
#[must_use]
pub fn state(name: &Ident, members: &[TokenStream]) -> TokenStream {
    if members.is_empty() { quote!(Self::#name) } else { quote!(Self::#name { #(#members),* }) }
}

/// The name of the enum of states of a type.
#[must_use]
pub fn states(rust: &str) -> Ident {
    format_ident!("{rust}Reading")
}
