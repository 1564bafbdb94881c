//! What a part needs of the parts before: locals that are kept from state to state. Numbers, enums and the like are copied,
//! other values without payload cloned where they are handed out too; a part that needs a list or payload cannot be read by
//! itself.

use super::plan::{Part, Run};
use crate::emit::ctx::Ctx;
use crate::emit::names::ident;
use crate::emit::read::Reader;
use crate::emit::rules::uses;
use crate::emit::rust_type::{element, gap, is_boxed, local, slack};
use crate::emit::scalar::Raise;
use crate::model::{Content, Field, FieldId, Role, Scalar};
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
        out.extend(of_field(reader, *id, field, part));
        out.extend([gap(field), slack(field)].into_iter().flatten().map(|(name, _)| Local::gone(name, Some(part))));
        out.push(Local::gone(format_ident!("{}_kept", local(&field.rust)), Some(part)));
    }
    // How long it is is known behind it.
    if let Some(id) = run.to_end {
        let field = id.of(&s.fields);
        out.push(Local::plain(format_ident!("{}_at", field.rust), quote!(u64), part));
        out.push(Local::gone(local(&field.rust), Some(part.saturating_add(1))));
    }
}

/// What is handed out piece by piece is never there as a whole.
fn given_away(reader: &Reader<'_>, id: FieldId, out: &mut Vec<Local>) {
    let field = id.of(&reader.s.fields);
    out.push(Local::gone(local(&field.rust), None));
    out.push(Local::gone(format_ident!("{}_at", field.rust), None));
}

/// The local of a field. Of one whose driven fields are worked out here, these have a local of their own.
fn of_field(reader: &Reader<'_>, id: FieldId, field: &Field, part: usize) -> Vec<Local> {
    let (ctx, name) = (reader.env.ctx, local(&field.rust));
    let companion = ctx.is_driver_of(reader.env.ty, id).then(|| format_ident!("{name}_driven"));
    let Some((of, is_cloned)) = kept_type(ctx, field, companion.is_none()) else {
        return companion.into_iter().chain([name]).map(|name| Local::gone(name, Some(part))).collect();
    };
    let optional = |of: TokenStream| if field.is_optional() { quote!(Option<#of>) } else { of };
    let driven = companion.zip(field.type_id()).map(|(name, of)| {
        let of = format_ident!("{}Driven", ctx.ty(of).rust);
        Local::plain(name, optional(quote!(#of)), part)
    });
    let own = Local { name, of: Some(optional(of)), is_cloned, part: Some(part) };
    driven.into_iter().chain([own]).collect()
}

/// The type of what can be kept of a field, with its driven fields where it is `wired`, and whether it is cloned.
fn kept_type(ctx: &Ctx<'_>, field: &Field, wired: bool) -> Option<(TokenStream, bool)> {
    if field.repeat.is_some() || is_boxed(ctx, field) || matches!(field.role, Role::Implied | Role::ImpliedKept) {
        return None;
    }
    match &field.content {
        Content::Scalar(Scalar::Bytes(n)) if *n > 64 => None,
        Content::Scalar(_) => Some((element(ctx, field, wired), false)),
        Content::PStr(_) | Content::CStr | Content::Bytes(_) | Content::Utf8(_) | Content::Utf16(_) => {
            Some((element(ctx, field, wired), true))
        }
        Content::Type { id, .. } => {
            let ty = ctx.ty(*id);
            (!ty.has_blob).then_some(())?;
            let is_copied = matches!(ty.body, crate::model::Body::Bits(_)) && field.copies.is_none();
            Some((element(ctx, field, wired), !is_copied))
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
