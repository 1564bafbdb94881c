//! What all emitters of one module share: the format, the table of rules, what drives what.

use crate::model::{
    Body, Class, Content, Drive, Driver, FieldId, Format, Length, Place, Role, Root, Site, Step, Type, TypeId,
};
use crate::resolve::{ahead_of, list_ahead, looked_up, measured_by, until_stable};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Shared by all emitters of a module.
pub struct Ctx<'a> {
    /// The format.
    pub format: &'a Format,
    rules: RefCell<BTreeMap<String, TokenStream>>,
    uses: BTreeSet<(TypeId, FieldId, u8)>,
    lengths: Vec<BTreeSet<usize>>,
    findings: Vec<bool>,
    ahead: Vec<bool>,
    finds_by_state: bool,
    changes: Vec<crate::resolve::Cells>,
    asked_greed: BTreeSet<TypeId>,
    split: BTreeSet<TypeId>,
    size_requests: RefCell<BTreeSet<(TypeId, FieldId)>>,
}

/// One rule, as the table of rules has it.
pub struct RuleEntry<'r> {
    /// Name of the static, upper case.
    pub name: String,
    /// The field's name; empty for a rule over a type.
    pub field: &'r str,
    /// Where it stands.
    pub site: Site,
    /// Class of a failure.
    pub class: Class,
    /// What is expected.
    pub expected: &'r str,
    /// The author's words.
    pub say: Option<&'r str>,
}

impl<'a> Ctx<'a> {
    /// For the module of a format.
    #[must_use]
    pub fn new(format: &'a Format) -> Self {
        let mut ctx = Self {
            format,
            rules: RefCell::default(),
            uses: BTreeSet::new(),
            lengths: vec![BTreeSet::new(); format.types.len()],
            findings: vec![false; format.types.len()],
            ahead: vec![false; format.types.len()],
            finds_by_state: format.types.iter().any(soft_state),
            changes: crate::resolve::changes(format),
            asked_greed: super::greed::asked(format),
            split: super::checked_block::split(format),
            size_requests: RefCell::default(),
        };
        ctx.collect_uses();
        ctx.collect_lengths();
        ctx.collect_ahead();
        ctx.collect_findings();
        if !ctx.finds_by_state && format.types.iter().any(|ty| ctx.is_told_of_state(ty)) {
            ctx.finds_by_state = true;
            ctx.collect_findings();
        }
        ctx
    }

    /// A type.
    #[must_use]
    pub fn ty(&self, id: TypeId) -> &'a Type {
        self.format.ty(id)
    }

    /// The path of a rule's static; enters it into the table.
    pub fn rule(&self, entry: &RuleEntry<'_>) -> TokenStream {
        let RuleEntry { field, site, class, expected, say, .. } = entry;
        let (line, class) = (line(*site), self::class(*class));
        let say = say.map(|say| quote!(.say(#say)));
        let value = quote!(Rule::new(#field, #line, #class, #expected)#say);
        let mut rules = self.rules.borrow_mut();
        let mut name = entry.name.clone();
        let mut n = 2_u32;
        while rules.get(&name).is_some_and(|known| known.to_string() != value.to_string()) {
            name = format!("{}_{n}", entry.name);
            n = n.saturating_add(1);
        }
        let ident = format_ident!("{name}");
        rules.insert(name, value);
        quote!(rule::#ident)
    }

    /// The table of the rules that a module's tokens name: a module of statics.
    #[must_use]
    pub fn rule_table(&self, body: &TokenStream) -> TokenStream {
        let mut named = BTreeSet::new();
        names_in(body, &mut named);
        let rules = self.rules.borrow();
        let used: Vec<_> = rules.iter().filter(|(name, _)| named.contains(*name)).collect();
        if used.is_empty() {
            return TokenStream::new();
        }
        let statics = used.iter().map(|(name, value)| {
            let name = format_ident!("{name}");
            quote!(pub(super) static #name: Rule = #value;)
        });
        quote! {
            mod rule {
                use super::{Class, Rule};
                #(#statics)*
            }
        }
    }

    /// Whether a type checks its bytes apart from making its value.
    #[must_use]
    pub fn is_split(&self, id: TypeId) -> bool {
        self.split.contains(&id)
    }

    /// Whether a use of a field's size, count, offset or case drives something, so that it needs no check on write.
    #[must_use]
    pub fn drives(&self, ty: TypeId, field: FieldId, driver: Driver) -> bool {
        self.uses.contains(&(ty, field, code(driver)))
    }

    /// The params that a type's size depends on.
    #[must_use]
    pub fn length_params(&self, id: TypeId) -> &BTreeSet<usize> {
        id.of(&self.lengths)
    }

    /// Whether sizes depend on a cell: of what is there, or how long, by state alone.
    #[must_use]
    pub fn is_measured_by(&self, scope: crate::model::ScopeId, cell: usize) -> bool {
        let fields = self.format.types.iter().flat_map(|ty| crate::resolve::fields(&ty.body));
        let mut measured = fields.flat_map(measured_by);
        measured.any(|e| looked_up(e).contains(&(scope, cell)))
    }

    /// Whether values of a type can have findings.
    #[must_use]
    pub fn has_findings(&self, id: TypeId) -> bool {
        *id.of(&self.findings)
    }

    /// Whether a reader of a type looks ahead somewhere.
    #[must_use]
    pub fn looks_ahead(&self, id: TypeId) -> bool {
        *id.of(&self.ahead)
    }

    /// The same of a field's content, or its list.
    #[must_use]
    pub fn field_looks_ahead(&self, field: &crate::model::Field) -> bool {
        list_ahead(field).is_some() || field.type_id().is_some_and(|id| self.looks_ahead(id))
    }

    /// Whether writers ask values of a type whether they take all that is left.
    #[must_use]
    pub fn asks_greed(&self, id: TypeId) -> bool {
        self.asked_greed.contains(&id)
    }

    /// Whether soft rules look state up, or arguments of a type that can have findings, so that it must be there while
    /// findings are collected.
    #[must_use]
    pub fn finds_by_state(&self) -> bool {
        self.finds_by_state
    }

    /// Whether an argument looks up what the type that it is for changes, so that it cannot be worked out again.
    #[must_use]
    pub fn changes_argument(&self, id: TypeId, args: &[crate::model::Expr]) -> bool {
        args.iter().any(|e| !looked_up(e).is_disjoint(id.of(&self.changes)))
    }

    /// Whether a field of this type holds the other type without its driven fields, which this type computes.
    #[must_use]
    pub fn is_driver_of(&self, ty: TypeId, holder: FieldId) -> bool {
        self.ty(ty).as_struct().is_some_and(|s| s.drives.iter().any(|d| d.holder == holder))
    }

    /// Asks for `size_of_` of a field.
    pub fn request_size(&self, ty: TypeId, field: FieldId) {
        self.size_requests.borrow_mut().insert((ty, field));
    }

    /// The fields of a type whose size is asked for.
    #[must_use]
    pub fn size_requests(&self, ty: TypeId) -> Vec<FieldId> {
        self.size_requests.borrow().iter().filter(|(t, _)| *t == ty).map(|(_, f)| *f).collect()
    }

    /// Whether a type hands state to one that can have findings, as arguments.
    fn is_told_of_state(&self, ty: &Type) -> bool {
        let told = |id: TypeId, args: &[crate::model::Expr]| {
            let params = self.ty(id).params.iter();
            let mut given = params.zip(args).filter(|(param, _)| !param.ty.is_handed_down());
            self.has_findings(id) && given.any(|(_, e)| crate::resolve::names_state(e))
        };
        crate::resolve::fields(&ty.body).iter().any(|f| match &f.content {
            Content::Type { id, args } => told(*id, args),
            _ => false,
        })
    }

    fn collect_uses(&mut self) {
        for (id, ty) in self.format.types.iter().enumerate() {
            let Body::Struct(s) = &ty.body else { continue };
            let own = s.fields.iter().filter_map(|f| if let Role::Driven(d) = &f.role { Some(d) } else { None });
            let all: Vec<&Drive> = own.chain(s.drives.iter().map(|d| &d.drives)).flatten().collect();
            for drive in all {
                let (ty, field) = end(TypeId(id), &drive.from);
                self.uses.insert((ty, field, code(drive.driver)));
            }
        }
    }

    /// Which params sizes depend on; types hold each other, so until nothing changes.
    fn collect_lengths(&mut self) {
        until_stable(self.format, || {
            let mut changed = false;
            for (id, ty) in self.format.types.iter().enumerate() {
                let params = self.params_in_lengths(ty);
                if let Some(known) = self.lengths.get_mut(id) {
                    let before = known.len();
                    known.extend(params);
                    changed |= known.len() != before;
                }
            }
            changed
        });
    }

    fn params_in_lengths(&self, ty: &Type) -> Vec<usize> {
        let mut out = Vec::new();
        let asides = ty.as_struct().map(super::aside::params_in_length).unwrap_or_default();
        for e in asides {
            out.extend(params_of(ty, e));
        }
        for field in crate::resolve::fields(&ty.body) {
            if let (false, Some(presence)) = (field.is_held() || field.is_driven(), &field.presence) {
                out.extend(params_of(ty, &presence.that));
            }
            match &field.content {
                Content::Zero(Length::Expr(e)) | Content::Align(e) => out.extend(params_of(ty, e)),
                Content::Type { id, args } => {
                    let needed = id.of(&self.lengths).iter().filter_map(|i| args.get(*i));
                    needed.for_each(|e| out.extend(params_of(ty, e)));
                }
                _ => {}
            }
        }
        out
    }

    fn collect_ahead(&mut self) {
        let asks = |ctx: &Self, f: &crate::model::Field| {
            ahead_of(f).is_some() || f.unlike.is_some() || ctx.field_looks_ahead(f)
        };
        self.mark(|ctx| &mut ctx.ahead, |ctx, ty| crate::resolve::fields(&ty.body).iter().any(|f| asks(ctx, f)));
    }

    fn collect_findings(&mut self) {
        self.mark(|ctx| &mut ctx.findings, Self::finds);
    }

    /// Marks the types of which something holds, by what is marked of those that they hold.
    fn mark(&mut self, marks: fn(&mut Self) -> &mut Vec<bool>, holds: impl Fn(&Self, &Type) -> bool) {
        until_stable(self.format, || {
            let mut changed = false;
            for (id, ty) in self.format.types.iter().enumerate() {
                let found = holds(self, ty);
                changed |= note(marks(self), id, found);
            }
            changed
        });
    }

    fn finds(&self, ty: &Type) -> bool {
        let nested = |id: TypeId| *id.of(&self.findings);
        let fields = crate::resolve::fields(&ty.body);
        let parts = if let Body::Bits(b) = &ty.body { b.parts.as_slice() } else { &[] };
        let kept = |f: &&crate::model::Field| match &f.role {
            Role::ImpliedKept => true,
            Role::Pinned(pin) => pin.kept,
            _ => false,
        };
        let own = ty.as_struct().is_some_and(|s| !s.remember.is_empty());
        let remembers = self.finds_by_state && (own || fields.iter().any(|f| !f.remember.is_empty()));
        remembers
            || fields.iter().any(|f| !f.expect.is_empty() || f.type_id().is_some_and(nested))
            || fields.iter().any(|f| f.copies.is_some())
            || fields.iter().any(kept)
            || parts.iter().any(|p| !p.expect.is_empty() || p.kind == crate::model::PartKind::ZeroKept)
    }
}

/// Notes what was found of a type; whether that is new.
fn note(known: &mut [bool], id: usize, found: bool) -> bool {
    let Some(known) = known.get_mut(id).filter(|known| found && !**known) else { return false };
    *known = true;
    true
}

/// All names in tokens.
pub fn names_in(tokens: &TokenStream, out: &mut BTreeSet<String>) {
    for token in tokens.clone() {
        match token {
            proc_macro2::TokenTree::Ident(name) => {
                out.insert(name.to_string());
            }
            proc_macro2::TokenTree::Group(group) => names_in(&group.stream(), out),
            _ => {}
        }
    }
}

/// The type and field at the end of a place.
fn end(ty: TypeId, place: &Place) -> (TypeId, FieldId) {
    let Root::Field(first) = place.root else { return (ty, FieldId(usize::MAX)) };
    place.steps.iter().fold((ty, first), |at, step| match step {
        Step::Field(ty, field) => (*ty, *field),
        _ => at,
    })
}

/// Whether a soft rule of a type looks state up.
fn soft_state(ty: &Type) -> bool {
    let fields = crate::resolve::fields(&ty.body);
    let parts = if let Body::Bits(b) = &ty.body { b.parts.as_slice() } else { &[] };
    let rules = fields.iter().flat_map(|f| &f.expect).chain(parts.iter().flat_map(|p| &p.expect));
    rules.into_iter().any(|rule| crate::resolve::names_state(&rule.that))
}

/// The params of a type that an expression of it looks at.
fn params_of(ty: &Type, e: &crate::model::Expr) -> Vec<usize> {
    let mut out = Vec::new();
    let inputs = ty.params.iter().position(|p| p.ty == crate::model::ParamTy::Inputs);
    crate::resolve::walk(e, &mut |e| match &e.kind {
        crate::model::ExprKind::Place(Place { root: Root::Param(id), .. }) => out.push(id.0),
        crate::model::ExprKind::Place(Place { root: Root::Inputs, .. }) => out.extend(inputs),
        crate::model::ExprKind::Place(Place { root: Root::State(id), .. }) => {
            let lent = crate::model::ParamTy::State(*id);
            out.extend(ty.params.iter().position(|p| p.ty == lent));
        }
        _ => {}
    });
    out
}

fn code(driver: Driver) -> u8 {
    match driver {
        Driver::Size => 0,
        Driver::Count => 1,
        Driver::Offset => 2,
        Driver::Tag => 3,
        Driver::TypeSize => 4,
    }
}

/// A line of the spec as a literal.
#[must_use]
pub fn line(site: Site) -> TokenStream {
    let n = proc_macro2::Literal::u32_unsuffixed(site.line);
    quote!(#n)
}

/// A class as a path.
#[must_use]
pub fn class(class: Class) -> TokenStream {
    let name: Ident = match class {
        Class::NotThisFormat => format_ident!("NotThisFormat"),
        Class::Truncated => format_ident!("Truncated"),
        Class::Unsupported => format_ident!("Unsupported"),
        Class::Limit => format_ident!("Limit"),
        Class::Invalid => format_ident!("Invalid"),
        Class::Incomplete => format_ident!("Incomplete"),
        Class::Note => format_ident!("Note"),
    };
    quote!(Class::#name)
}
