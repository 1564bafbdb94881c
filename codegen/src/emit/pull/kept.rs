//! What a part needs of the parts before: locals that are kept from state to state. Numbers, enums and the like are copied,
//! values of fixed size cloned; a part that needs anything else cannot be read by itself.

use super::plan::{Part, Run};
use crate::emit::ctx::Ctx;
use crate::emit::names::ident;
use crate::emit::read::Reader;
use crate::emit::rules::uses;
use crate::emit::rust_type::{element, gap, is_boxed, local, slack};
use crate::emit::scalar::Raise;
use crate::model::{Content, Field, FieldId, Role, Scalar, TypeId};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// A local of a type that is read in parts.
pub struct Local {
    /// Its name.
    pub name: Ident,
    /// Its type, where it can be kept.
    pub of: Option<TokenStream>,
    /// Whether it is cloned where it is handed out too.
    pub is_cloned: bool,
    /// The part that makes it; none does for what is handed out piece by piece.
    pub part: Option<usize>,
}

impl Local {
    fn plain(name: Ident, of: TokenStream, part: usize) -> Self {
        Self { name, of: Some(of), is_cloned: false, part: Some(part) }
    }

    fn gone(name: Ident, part: Option<usize>) -> Self {
        Self { name, of: None, is_cloned: false, part }
    }
}

/// All locals of a struct.
#[must_use]
pub fn locals(reader: &Reader<'_>, parts: &[Part<'_>]) -> Vec<Local> {
    let mut out = vec![Local::plain(format_ident!("base"), quote!(u64), 0)];
    if reader.env.ctx.ty(reader.env.ty).holds_order() {
        out.push(Local::plain(format_ident!("order"), quote!(Endian), 0));
    }
    if let Some((_, scope)) = reader.env.ctx.format.scope_of(reader.env.ty) {
        let (name, of) = (ident(&scope.local), ident(&scope.rust));
        out.push(Local::plain(name, quote!(#of), 0));
    }
    for (n, part) in parts.iter().enumerate() {
        match part {
            Part::Run(run) => of_run(reader, run, n, &mut out),
            Part::Nested(id, _) => given_away(reader, *id, &mut out),
        }
    }
    out
}

fn of_run(reader: &Reader<'_>, run: &Run, part: usize, out: &mut Vec<Local>) {
    let s = reader.s;
    for id in &run.fields {
        let field = id.of(&s.fields);
        if let (Raise::At(start), _) = reader.raise(*id)
            && !out.iter().any(|l| l.name == start.to_string())
        {
            out.push(Local::plain(format_ident!("{}", start.to_string()), quote!(u64), part));
        }
        out.push(of_field(reader, *id, field, part));
        out.extend([gap(field), slack(field)].into_iter().flatten().map(|(name, _)| Local::gone(name, Some(part))));
        out.push(Local::gone(format_ident!("{}_kept", local(&field.rust)), Some(part)));
    }
    if let Some(id) = run.to_end {
        given_away(reader, id, out);
    }
}

/// What is handed out piece by piece is never there as a whole.
fn given_away(reader: &Reader<'_>, id: FieldId, out: &mut Vec<Local>) {
    let field = id.of(&reader.s.fields);
    out.push(Local::gone(local(&field.rust), None));
    out.push(Local::gone(format_ident!("{}_at", field.rust), None));
}

fn of_field(reader: &Reader<'_>, id: FieldId, field: &Field, part: usize) -> Local {
    let ctx = reader.env.ctx;
    let drives = ctx.is_driver_of(reader.env.ty, id);
    let name = local(&field.rust);
    let Some((of, is_cloned)) = kept_type(ctx, field) else { return Local::gone(name, Some(part)) };
    if drives {
        // Its driven fields have a local of their own, and that is what conditions look at.
        let driven = format_ident!("{name}_driven");
        return field.type_id().map_or_else(
            || Local::gone(driven.clone(), Some(part)),
            |of| Local::plain(driven.clone(), companion(ctx, of), part),
        );
    }
    let of = if field.is_optional() { quote!(Option<#of>) } else { of };
    Local { name, of: Some(of), is_cloned, part: Some(part) }
}

fn companion(ctx: &Ctx<'_>, of: TypeId) -> TokenStream {
    let name = format_ident!("{}Driven", ctx.ty(of).rust);
    quote!(#name)
}

/// The type of what can be kept of a field, and whether it is cloned.
fn kept_type(ctx: &Ctx<'_>, field: &Field) -> Option<(TokenStream, bool)> {
    if field.repeat.is_some() || is_boxed(ctx, field) || matches!(field.role, Role::Implied | Role::ImpliedKept) {
        return None;
    }
    match &field.content {
        Content::Scalar(Scalar::Bytes(n)) if *n > 64 => None,
        Content::Scalar(_) => Some((element(ctx, field, true), false)),
        Content::Type { id, .. } => {
            let ty = ctx.ty(*id);
            ty.size.fixed()?;
            Some((element(ctx, field, true), !matches!(ty.body, crate::model::Body::Bits(_))))
        }
        _ => None,
    }
}

/// The locals that each part needs to be there when it starts, from the tokens of the parts and what is needed at the end;
/// none where something needed cannot be kept.
#[must_use]
pub fn kept<'l>(locals: &'l [Local], tokens: &[TokenStream]) -> Option<Vec<Vec<&'l Local>>> {
    let mut out: Vec<Vec<&Local>> = tokens.iter().map(|_| Vec::new()).collect();
    for it in locals {
        let Some(last) = tokens.iter().rposition(|t| uses(t, &it.name)) else { continue };
        let made = it.part?;
        if last > made {
            it.of.as_ref()?;
        }
        for (n, kept) in out.iter_mut().enumerate() {
            if n > made && n <= last {
                kept.push(it);
            }
        }
    }
    Some(out)
}
