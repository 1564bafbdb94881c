//! Driven fields: computed from what drives them.

use super::ctx::{Ctx, RuleEntry};
use super::docs;
use super::expr::{Env, Side};
use super::measure;
use super::names::ident;
use super::rust_type::{local, scalar};
use super::scalar::rule_name;
use super::state::before_measuring;
use crate::model::{
    Class, Content, Drive, Driver, Field, FieldId, OutsideDrive, Place, Role, Root, Step, Struct, TypeId,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// The drives of a field.
#[must_use]
pub fn drives(field: &Field) -> &[Drive] {
    match &field.role {
        Role::Driven(drives) => drives,
        _ => &[],
    }
}

/// What drives a field, measured: a number, or the case; absent drivers count as 0 or are `None`.
fn measured(env: &Env<'_>, drive: &Drive) -> TokenStream {
    let Root::Field(first) = drive.from.root else { return quote!(0) };
    if drive.driver == Driver::TypeSize {
        return measure::own_len(env);
    }
    if drive.from.steps.is_empty() {
        return own_measure(env, first, drive);
    }
    deep(env, drive)
}

fn own_measure(env: &Env<'_>, id: FieldId, drive: &Drive) -> TokenStream {
    let Some(field) = env.ctx.format.field(env.ty, id) else { return quote!(0) };
    let name = ident(&field.rust);
    match drive.driver {
        Driver::Size | Driver::TypeSize => measure::field(env, id),
        Driver::Count if field.is_optional() => quote!(self.#name.as_ref().map_or(0, |it| len64(it.len()))),
        Driver::Count => quote!(len64(self.#name.len())),
        Driver::Offset => {
            let offset = measure::offset(env, id);
            absent_is_zero(drive, &quote!(self.#name.is_some()), field.is_optional(), offset)
        }
        Driver::Tag => quote!(self.#name.tag()),
    }
}

fn absent_is_zero(drive: &Drive, present: &TokenStream, optional: bool, value: TokenStream) -> TokenStream {
    if optional && drive.zero_when_absent { quote!(if #present { #value } else { 0 }) } else { value }
}

/// A driver inside an inline part.
fn deep(env: &Env<'_>, drive: &Drive) -> TokenStream {
    let present = measure::driver_present(env, &drive.from);
    let Some((Step::Field(ty, id), path)) = drive.from.steps.split_last() else { return quote!(0) };
    let Some(field) = env.ctx.format.field(*ty, *id) else { return quote!(0) };
    let (base, optional) = holder(env, &drive.from, path);
    let name = ident(&field.rust);
    let value = match drive.driver {
        Driver::Size | Driver::TypeSize => {
            env.ctx.request_size(*ty, *id);
            let method = format_ident!("size_of_{}", field.rust);
            quote!(#method())
        }
        Driver::Count if field.is_optional() => quote!(#name.as_ref().map_or(0, |it| len64(it.len()))),
        Driver::Count => quote!(#name.len()),
        Driver::Offset => {
            let method = format_ident!("offset_of_{}", field.rust);
            quote!(#method())
        }
        Driver::Tag => quote!(#name.tag()),
    };
    let wide = |tokens: TokenStream| {
        if drive.driver == Driver::Count && !field.is_optional() { quote!(len64(#tokens)) } else { tokens }
    };
    let whole = if optional {
        let inner = wide(quote!(it.#value));
        quote!(#base.as_ref().map_or(0, |it| #inner))
    } else {
        wide(quote!(#base.#value))
    };
    let zero = drive.driver == Driver::Offset && drive.zero_when_absent && present.to_string() != "true";
    if zero { quote!(if #present { #whole } else { 0 }) } else { whole }
}

/// The part that holds a driver.
fn holder(env: &Env<'_>, from: &Place, path: &[Step]) -> (TokenStream, bool) {
    let Root::Field(first) = from.root else { return (quote!(self), false) };
    let Some(field) = env.ctx.format.field(env.ty, first) else { return (quote!(self), false) };
    let name = ident(&field.rust);
    let steps = path.iter().filter_map(|s| match s {
        Step::Field(ty, id) => env.ctx.format.field(*ty, *id).map(|f| ident(&f.rust)),
        _ => None,
    });
    (quote!(self.#name #(.#steps)*), field.is_optional())
}

/// What the target is, from what is measured: `Option<u64>` unless the two are the same.
fn solved(drive: &Drive, measured: &TokenStream) -> (TokenStream, bool) {
    if (drive.add, drive.multiply, drive.divide) == (0, 1, 1) {
        return (measured.clone(), false);
    }
    let n = |n: i128| Literal::i128_unsuffixed(n);
    let (add, multiply, divide) = (n(drive.add), n(drive.multiply), n(drive.divide));
    let value = quote!(expr::solve(#measured, #add, #multiply, #divide));
    (value, true)
}

/// Whether a field is driven by a case.
fn is_tag(drives: &[Drive]) -> bool {
    drives.first().is_some_and(|d| d.driver == Driver::Tag)
}

/// The rule that what drives a field must fit it.
fn fits_rule(ctx: &Ctx<'_>, ty: TypeId, field: &Field, of: &TokenStream, text: &str) -> TokenStream {
    let expected = format!("{text} that fits `{of}`");
    ctx.rule(&RuleEntry {
        name: rule_name(ctx.ty(ty), &field.rust, "FITS"),
        field: &field.name,
        site: field.site,
        class: Class::Limit,
        expected: &expected,
        say: None,
    })
}

fn target_ty(ctx: &Ctx<'_>, field: &Field) -> TokenStream {
    if let Content::Scalar(s) = field.content { scalar(ctx, s) } else { quote!(u64) }
}

/// The value of a target as its own type: an expression of type `Result<_, Fault>`.
fn narrowed(ctx: &Ctx<'_>, ty: TypeId, field: &Field, drive: &Drive, measured: &TokenStream) -> TokenStream {
    let of = target_ty(ctx, field);
    let rule = fits_rule(ctx, ty, field, &of, &drive.text);
    let (value, tried) = solved(drive, measured);
    let zero = drive.zero_when_absent && tried;
    let narrow = match (tried, of.to_string() == "u64") {
        (false, true) => return quote!(Ok(#value)),
        (false, false) => quote!(#of::try_from(found).map_err(|_| #rule.fault(0, found))),
        (true, true) => quote!(#value.ok_or_else(|| #rule.fault(0, found))),
        (true, false) => quote!(#value.and_then(|n| #of::try_from(n).ok()).ok_or_else(|| #rule.fault(0, found))),
    };
    let found = if tried { measured.clone() } else { value };
    let narrow = if tried {
        narrow.to_string().replacen(&measured.to_string(), "found", 1).parse().unwrap_or(narrow)
    } else {
        narrow
    };
    if zero {
        quote!({ let found = #found; if found == 0 { Ok(0) } else { #narrow } })
    } else {
        quote!({ let found = #found; #narrow })
    }
}

/// The functions that compute a struct's driven fields: one for the writer, one for everybody.
#[must_use]
pub fn functions(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let env = Env::new(ctx, id, Side::Measure);
    let params = measure::params(ctx, id);
    let own = s.fields.iter().filter_map(|f| {
        let drive = drives(f).first()?;
        Some(own_functions(&env, f, drive))
    });
    let own: Vec<_> = own.collect();
    let mut holders: Vec<FieldId> = s.drives.iter().map(|d| d.holder).collect();
    holders.dedup();
    let outside = holders.iter().map(|h| holder_function(&env, s, *h, &params));
    quote!(#(#own)* #(#outside)*)
}

fn own_functions(env: &Env<'_>, field: &Field, drive: &Drive) -> TokenStream {
    let (name, compute) = (ident(&field.rust), format_ident!("{}_driven", field.rust));
    let doc = docs::doc(field.doc.as_deref(), &format!("`{}`", field.name));
    let by = docs::markdown_line(&format!("Follows from the value: the {}.", by(drive)));
    let of = target_ty(env.ctx, field);
    let value = measured(env, drive);
    let present = field.is_optional().then(|| measure::driver_present(env, &drive.from));
    if is_tag(drives(field)) {
        let (ty, value) = match &present {
            None => (quote!(#of), value),
            Some(_) => (quote!(Option<#of>), optional_tag(env, drive)),
        };
        return quote!(#doc #[doc = ""] #by #[must_use] pub fn #name(&self) -> #ty { #value });
    }
    let (solved, tried) = solved(drive, &value);
    let plain = if tried { quote!(#solved.unwrap_or(0)) } else { solved };
    let narrow = narrowed(env.ctx, env.ty, field, drive, &value);
    let (public, private, ty, result) = match present {
        None => (plain, narrow, quote!(u64), quote!(#of)),
        Some(p) => (
            quote!(if #p { Some(#plain) } else { None }),
            quote!(if #p { #narrow.map(Some) } else { Ok(None) }),
            quote!(Option<u64>),
            quote!(Option<#of>),
        ),
    };
    let [public, private] = [public, private].map(|body| before_measuring(env.ctx, env.ty, body));
    let params = |body| measure::params_for(env.ctx, env.ty, body);
    let (shown, hidden) = (params(&public), params(&private));
    quote! {
        #doc #[doc = ""] #by
        #[must_use]
        pub fn #name(&self #shown) -> #ty { #public }
        fn #compute(&self #hidden) -> Result<#result, Fault> { #private }
    }
}

fn optional_tag(env: &Env<'_>, drive: &Drive) -> TokenStream {
    let Root::Field(first) = drive.from.root else { return quote!(None) };
    let Some(field) = env.ctx.format.field(env.ty, first) else { return quote!(None) };
    let name = ident(&field.rust);
    let union = field.type_id().map(|id| ident(&env.ctx.ty(id).rust));
    quote!(self.#name.as_ref().map(#union::tag))
}

fn by(drive: &Drive) -> String {
    match drive.text.split_once(" of ") {
        Some((what, of)) => format!("{what} of `{of}`"),
        None => drive.text.clone(),
    }
}

/// The function that computes the fields of a held type that this type drives.
fn holder_function(env: &Env<'_>, s: &Struct, holder: FieldId, params: &TokenStream) -> TokenStream {
    let field = holder.of(&s.fields);
    let all: Vec<&OutsideDrive> = s.drives.iter().filter(|d| d.holder == holder).collect();
    let Some(of) = all.first().map(|d| d.of) else { return TokenStream::new() };
    let (name, companion) = (format_ident!("{}_driven", field.rust), format_ident!("{}Driven", env.ctx.ty(of).rust));
    let label = &field.name;
    let fields = all.iter().filter_map(|d| {
        let target = env.ctx.format.field(of, d.target)?;
        let drive = d.drives.first()?;
        let name = ident(&target.rust);
        let value = measured(env, drive);
        let value = if drive.driver == Driver::Tag {
            value
        } else {
            let narrow = narrowed(env.ctx, of, target, drive, &value);
            if narrow.to_string().starts_with("Ok (") {
                quote!(#value)
            } else {
                quote!(#narrow.map_err(|f| f.within(#label, 0))?)
            }
        };
        Some(quote!(#name: #value))
    });
    let doc = docs::markdown_line(&format!("The fields of `{}` that follow from the rest.", field.name));
    let body = before_measuring(env.ctx, env.ty, quote!(Ok(#companion { #(#fields),* })));
    quote! {
        #doc
        ///
        /// # Errors
        /// When one does not fit.
        pub fn #name(&self #params) -> Result<#companion, Fault> { #body }
    }
}

/// Statements that make the locals of driven fields, for a writer.
#[must_use]
pub fn locals(env: &Env<'_>, s: &Struct, raise: &super::scalar::Raise) -> Vec<(Option<Ident>, TokenStream)> {
    let args = own_args(env);
    let mut out = Vec::new();
    for field in &s.fields {
        let drives = drives(field);
        if drives.is_empty() {
            continue;
        }
        let (name, compute, public) = (local(&field.rust), format_ident!("{}_driven", field.rust), ident(&field.rust));
        if is_tag(drives) {
            out.push((Some(name.clone()), quote!(let #name = self.#public();)));
        } else {
            let value = raise.wrap(&quote!(self.#compute(#args)));
            out.push((Some(name.clone()), quote!(let #name = #value;)));
        }
    }
    let mut holders: Vec<FieldId> = s.drives.iter().map(|d| d.holder).collect();
    holders.dedup();
    for holder in holders {
        let field = holder.of(&s.fields);
        let (name, compute) = (format_ident!("{}_driven", local(&field.rust)), format_ident!("{}_driven", field.rust));
        let value = raise.wrap(&quote!(self.#compute(#args)));
        out.push((Some(name.clone()), quote!(let #name = #value;)));
    }
    out
}

fn own_args(env: &Env<'_>) -> TokenStream {
    let ty = env.ctx.ty(env.ty);
    let needed = env.ctx.length_params(env.ty).iter().filter_map(|i| ty.params.get(*i));
    let names: Vec<Ident> = needed.map(|p| ident(&p.rust)).collect();
    quote!(#(args.#names),*)
}

/// Statements that check that a field's further drivers agree with the first.
#[must_use]
pub fn agree(env: &Env<'_>, s: &Struct, raise: &super::scalar::Raise) -> TokenStream {
    let inner = Env { side: Side::Value, ..env.clone() };
    let mut out = TokenStream::new();
    for field in &s.fields {
        for drive in drives(field).iter().skip(1) {
            let expected = format!("what the {} says too", by(drive));
            let rule = env.ctx.rule(&RuleEntry {
                name: rule_name(env.ctx.ty(env.ty), &field.rust, "AGREES"),
                field: &field.name,
                site: field.site,
                class: Class::Invalid,
                expected: &expected,
                say: None,
            });
            let name = local(&field.rust);
            let value = measured(&inner, drive);
            let (value, tried) = solved(drive, &value);
            let same = match (is_tag(drives(field)), tried, field.is_optional()) {
                (true, ..) => quote!(#name == #value),
                (_, false, false) => quote!(u64::from(#name) == #value),
                (_, true, false) => quote!(Some(u64::from(#name)) == #value),
                (_, false, true) => quote!(#name.is_none_or(|it| u64::from(it) == #value)),
                (_, true, true) => quote!(#name.is_none_or(|it| Some(u64::from(it)) == #value)),
            };
            let check = raise.wrap(&quote!(#rule.check(#same, 0, Found::Nothing)));
            out.extend(quote!(#check;));
        }
    }
    out
}
