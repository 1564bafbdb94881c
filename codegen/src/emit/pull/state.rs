//! The state of a root while it is read in parts: what the parts so far tell those behind them, lent to whoever reads.

use super::arm::Arm;
use super::frame::reading_state;
use super::plan::Plan;
use crate::emit::ctx::Ctx;
use crate::emit::names::ident;
use crate::model::TypeId;
use proc_macro2::TokenStream;
use quote::quote;

/// The function of a root's states that lends it.
#[must_use]
pub fn of_machine(ctx: &Ctx<'_>, plan: &Plan<'_>, id: TypeId, arms: &[Arm]) -> Option<TokenStream> {
    let local = reading_state(ctx, plan, id)?;
    let of = ident(&ctx.format.scope_of(id)?.1.rust);
    let (with, without): (Vec<&Arm>, Vec<&Arm>) =
        arms.iter().partition(|arm| arm.members.iter().any(|member| member.name == local));
    let with = with.iter().map(|a| &a.name);
    let without = without.iter().map(|a| {
        let (name, rest) = (&a.name, (!a.members.is_empty()).then(|| quote!({ .. })));
        quote!(Self::#name #rest)
    });
    Some(quote! {
        /// What was remembered by then.
        pub(super) const fn state(&self) -> Option<&#of> {
            match self {
                #(#without)|* => None,
                #(Self::#with { #local, .. })|* => Some(#local),
            }
        }
    })
}

/// The function of the reader that lends it.
#[must_use]
pub fn of_reader(ctx: &Ctx<'_>, id: TypeId) -> Option<TokenStream> {
    let of = ident(&ctx.format.scope_of(id)?.1.rust);
    Some(quote! {
        /// What the parts so far tell those behind them. None before the first, at the end, and after an error.
        #[must_use]
        pub const fn state(&self) -> Option<&#of> {
            match &self.at {
                Some(at) => at.state(),
                None => None,
            }
        }
    })
}
