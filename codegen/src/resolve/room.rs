//! Cases of switches that take much room in memory. A switch takes the room of its largest case, and hands it on whole from the
//! reader of a case to whoever asked: a case that is large lies behind a box, so that the small ones stay small.

use crate::model::{Body, Case, Content, Field, Format, Role, Scalar, Type, TypeId, Union};

/// Most bytes of a case that is held in place: those of two lines of a cache.
const MOST: u64 = 128;
/// What a list, a text or bytes take, whatever is in them.
const HEAP: u64 = 24;
/// What a number that is kept beside something takes, aligned.
const WORD: u64 = 8;

/// Marks the bodies of cases that are boxed.
pub(super) fn infer(format: &mut Format) {
    let mut rooms = Rooms { known: vec![None; format.types.len()] };
    for id in 0..format.types.len() {
        rooms.of(format, TypeId(id));
    }
    for ty in &mut format.types {
        let in_place = is_in_place(ty);
        let Body::Union(union) = &mut ty.body else { continue };
        let bodies = union.cases.iter_mut().filter_map(|case| case.body.as_deref_mut());
        for body in bodies.filter(|body| body.repeat.is_none() && !in_place) {
            body.boxed = body.type_id().is_some_and(|id| id.of(&rooms.known).is_some_and(|room| room > MOST));
        }
    }
}

/// Whether no case of a type is boxed: it is a block, or it can hold itself and lies behind a box as a whole.
fn is_in_place(ty: &Type) -> bool {
    ty.size.fixed().is_some() || ty.recursive
}

/// About how many bytes values take.
struct Rooms {
    known: Vec<Option<u64>>,
}

impl Rooms {
    /// Of a type. One that holds itself does so behind a box.
    fn of(&mut self, format: &Format, id: TypeId) -> u64 {
        if let Some(known) = *id.of(&self.known) {
            return known;
        }
        *id.of_mut(&mut self.known) = Some(WORD);
        let ty = id.of(&format.types);
        let room = match &ty.body {
            Body::Struct(s) => s.fields.iter().map(|f| self.of_field(format, f)).fold(0, u64::saturating_add),
            Body::Bits(bits) => u64::try_from(bits.parts.len()).unwrap_or(WORD),
            Body::Union(union) => self.of_union(format, ty, union),
        };
        *id.of_mut(&mut self.known) = Some(room);
        room
    }

    fn of_union(&mut self, format: &Format, ty: &Type, union: &Union) -> u64 {
        let in_place = is_in_place(ty);
        let of_case = |case: &Case| {
            let room = case.body.as_ref().map_or(0, |body| self.of_field(format, body));
            if room > MOST && !in_place { WORD } else { room }
        };
        union.cases.iter().map(of_case).max().unwrap_or(0).saturating_add(WORD)
    }

    fn of_field(&mut self, format: &Format, field: &Field) -> u64 {
        if matches!(field.role, Role::Driven(_) | Role::Implied)
            || matches!(&field.role, Role::Pinned(pin) if !pin.kept)
        {
            return 0;
        }
        if field.repeat.is_some() {
            return HEAP;
        }
        let room = self.of_content(format, &field.content);
        let choice = if field.presence.is_some() && room < WORD { room } else { 0 };
        room.saturating_add(choice)
    }

    fn of_content(&mut self, format: &Format, content: &Content) -> u64 {
        match content {
            Content::Scalar(scalar) => of_scalar(*scalar),
            Content::Type { id, .. } => self.of(format, *id),
            Content::Magic(_) | Content::Zero(_) | Content::Align(_) => 0,
            _ => HEAP,
        }
    }
}

fn of_scalar(scalar: Scalar) -> u64 {
    match scalar {
        Scalar::UInt(n) | Scalar::Int(n) => n.into(),
        Scalar::Bytes(n) => u64::try_from(n).unwrap_or(u64::MAX),
        Scalar::Guid | Scalar::Uuid => 16,
        _ => WORD,
    }
}
