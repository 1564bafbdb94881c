//! What there is to say of a field beside its place, size, type and text.

use super::markdown::code;
use super::places::Places;
use super::{rules, size};
use crate::model::{
    Aside, At, Content, Expr, Field, From, Param, Policy, Remember, Repeat, Role, Scalar, TypeId, Window,
};

impl Places<'_> {
    /// The notes on a field of a type, a line each.
    #[must_use]
    pub fn notes(&self, ty: TypeId, field: &Field) -> Vec<String> {
        let mut notes = Vec::new();
        notes.extend(field.shown.as_ref().map(|name| format!("also called {}", code(name))));
        notes.extend(field.presence.as_ref().map(|presence| format!("**if** {}", code(&presence.that.text))));
        notes.extend(self.role(ty, field));
        notes.extend(place(field));
        notes.extend(field.aside.as_ref().map(|aside| self.place_of(ty, aside)));
        notes.extend(field.window.iter().flat_map(window));
        notes.extend(field.repeat.iter().flat_map(list));
        notes.extend(self.arguments(&field.content));
        notes.extend(field.init.as_ref().map(|e| format!("starts as {}", code(&e.text))));
        let is_told = field.window.as_ref().is_some_and(|window| window.max.is_some());
        notes.extend(field.max.filter(|_| !is_told).map(size::at_most));
        notes.extend(field.unknown.as_ref().map(rules::unknown));
        notes.extend(fails_itself(field).then(|| rules::fails_as(field.class, field.say.as_deref())).flatten());
        notes.extend(rules::lines("valid", &field.valid));
        notes.extend(rules::lines("expect", &field.expect));
        notes.extend(field.remember.iter().map(|remember| self.remembered(remember)));
        notes
    }

    /// What a field follows from, or is always.
    fn role(&self, ty: TypeId, field: &Field) -> Vec<String> {
        match &field.role {
            Role::Driven(drives) => drives.iter().map(|drive| format!("is the {}", words(&drive.text))).collect(),
            Role::DrivenOutside => self.drivers(ty, &field.name),
            Role::Pinned(pin) if pin.kept => vec![format!("is {}; another value is kept", code(&pin.value.text))],
            Role::Pinned(pin) => vec![format!("is always {}", code(&pin.value.text))],
            Role::ImpliedKept => vec!["other bytes are kept".to_owned()],
            Role::Held | Role::Implied => Vec::new(),
        }
    }

    /// What drives a field of a type from outside, told by the types that hold one.
    fn drivers(&self, ty: TypeId, name: &str) -> Vec<String> {
        let drives = self.format.types.iter().filter_map(|holder| holder.as_struct()).flat_map(|s| &s.drives);
        let ours = drives.filter(|drive| {
            let target = self.format.field(drive.of, drive.target);
            drive.of == ty && target.is_some_and(|field| field.name == name)
        });
        ours.flat_map(|drive| drive.drives.iter().map(|d| format!("is the {}", words(&d.text)))).collect()
    }

    /// What the state holds from here on.
    #[must_use]
    pub fn remembered(&self, remember: &Remember) -> String {
        let cell = remember.scope.of(&self.format.scopes).cells.get(remember.cell);
        let params = cell.map(crate::model::Cell::params).unwrap_or_default();
        let values: Vec<String> = match (params, remember.values.as_slice()) {
            ([_], [value]) => vec![code(&value.text)],
            (params, values) => {
                let one = |(param, value): (&Param, &Expr)| code(&format!("{}: {}", param.name, value.text));
                params.iter().zip(values).map(one).collect()
            }
        };
        format!("remembers {} as {}", code(&remember.text), values.join(", "))
    }

    /// What the offset of something that is read aside counts from.
    fn place_of(&self, ty: TypeId, aside: &Aside) -> String {
        let param = match aside.from {
            From::This => None,
            From::Param(id) => Some(&id.of(&self.format.ty(ty).params).name),
        };
        param.map_or_else(
            || "read aside, from the start of this".to_owned(),
            |name| format!("read aside, from the start of {}", code(name)),
        )
    }

    /// What a type is given where it stands.
    fn arguments(&self, content: &Content) -> Option<String> {
        let Content::Type { id, args } = content.element() else { return None };
        let ty = self.format.ty(*id);
        let given = ty.params.iter().zip(args).filter(|(param, _)| !param.captured && !param.ty.is_handed_down());
        let given: Vec<String> = given.map(|(param, e)| code(&format!("{}: {}", param.name, e.text))).collect();
        let is_own = ty.outer.is_none() && !given.is_empty();
        is_own.then(|| format!("with {}", given.join(", ")))
    }
}

/// Whether a field can be wrong by what it is, without a rule.
fn fails_itself(field: &Field) -> bool {
    let by_content = match field.content.element() {
        Content::Magic(_) | Content::Zero(_) | Content::Align(_) => true,
        Content::Scalar(scalar) => matches!(scalar, Scalar::Enum(_) | Scalar::Flags(_) | Scalar::Bool),
        _ => false,
    };
    by_content || matches!(field.role, Role::Pinned(_))
}

/// `size of area` with the name as code.
fn words(text: &str) -> String {
    match text.rsplit_once(" of ") {
        Some((what, name)) => format!("{what} of {}", code(name)),
        None => text.to_owned(),
    }
}

fn place(field: &Field) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(copies) = &field.copies {
        let which = copies.newest.as_ref().map_or_else(
            || "the first valid one counts".to_owned(),
            |e| format!("of the valid ones that with the greatest {} counts", code(&e.text)),
        );
        notes.push(format!("{} copies; {which}", copies.at.len()));
        notes.extend(policy("between the copies", copies.gap));
    }
    notes.extend(field.at.as_ref().and_then(|At { gap, .. }| policy("in front", *gap)));
    notes
}

fn window(window: &Window) -> Vec<String> {
    let size = format!("fills {} bytes", code(&window.size.text));
    let max = window.max.map(size::at_most);
    [Some(size), max, policy("behind the content", window.slack)].into_iter().flatten().collect()
}

/// What becomes of bytes that no field covers.
#[must_use]
pub fn policy(place: &str, policy: Policy) -> Option<String> {
    match policy {
        Policy::None => None,
        Policy::Zero => Some(format!("bytes {place}: zeros")),
        Policy::Keep => Some(format!("bytes {place}: kept")),
    }
}

fn list(repeat: &Repeat) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(repeat.max_count.as_ref().map(|e| format!("at most {} of them", code(&e.text))));
    if !repeat.unique.is_empty() {
        let all: Vec<String> = repeat.unique.iter().map(|e| code(&e.text)).collect();
        notes.push(format!("no two with the same {}", all.join(" and ")));
    }
    notes.extend(
        repeat
            .disjoint
            .as_ref()
            .map(|(start, size)| format!("no two overlap: {} bytes from {}", code(&size.text), code(&start.text))),
    );
    notes
}
