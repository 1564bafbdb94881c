//! Inputs of a format, set by name: whoever reads with it from then on finds them so.

use super::choice;
use super::number::{integer_in, truth};
use crate::diagnostic::{did_you_mean, excerpt};
use crate::interpret::datum::guid_text;
use crate::model::{Argument, EnumId, Format, Keep, Param, ParamTy, Range};

/// Sets an input from `NAME=VALUE`. Gives the name, and the value in a form that generated code takes.
///
/// # Errors
/// There is no such input, or it does not take that: why, as a sentence.
pub fn set_input(format: &mut Format, given: &str) -> Result<(String, String), String> {
    let Some((name, text)) = given.split_once('=') else {
        return Err(format!("an input is NAME=VALUE, and `{}` has no `=`", excerpt(given)));
    };
    let names = || format.inputs.iter().map(|input| input.param.name.as_str());
    let Some(at) = names().position(|known| known == name) else {
        return Err(no_input(format, name, &names().collect::<Vec<_>>()));
    };
    let given = format.inputs.get(at).map_or(Err(String::new()), |input| value(format, &input.param, text));
    let value = given.map_err(|why| format!("the input `{name}` {why}"))?;
    let plain = plain(format, &value);
    if let Some(input) = format.inputs.get_mut(at) {
        input.init = value;
    }
    Ok((name.to_owned(), plain))
}

fn no_input(format: &Format, name: &str, names: &[&str]) -> String {
    let what = format!("{} has no input `{}`", format.id, excerpt(name));
    match (did_you_mean(name, names.iter().copied()), names) {
        (Some(hint), _) => format!("{what}; {hint}"),
        (None, []) => format!("{what}: it has none"),
        (None, names) => format!("{what}; there are {}", names.join(", ")),
    }
}

/// What an input takes, from text.
fn value(format: &Format, param: &Param, text: &str) -> Result<Argument, String> {
    let bits = |bytes: u32| bytes.saturating_mul(8);
    match &param.ty {
        ParamTy::UInt(n) => integer_in(text, Range::unsigned(bits(*n))).map(Argument::Int),
        ParamTy::Int(n) => integer_in(text, Range::signed(bits(*n))).map(Argument::Int),
        ParamTy::Bool => truth(text).map(Argument::Bool),
        ParamTy::Enum(id) => named(format, *id, text),
        ParamTy::Flags(id) => choice::bits(format.flags(*id), text).map(|bits| Argument::Flags(*id, bits)),
        ParamTy::Guid(mixed) => choice::guid(text).map(|guid| Argument::Guid(*mixed, guid)),
        _ => Err("takes nothing".to_owned()),
    }
}

fn named(format: &Format, id: EnumId, text: &str) -> Result<Argument, String> {
    let of = format.enum_(id);
    let key = choice::key(of, &Keep::Never, text)?;
    let found = of.values.iter().position(|value| value.key == key);
    found.map(|i| Argument::Enum(id, i)).ok_or_else(|| format!("takes no `{}`", excerpt(text)))
}

/// A value as generated code takes it.
fn plain(format: &Format, value: &Argument) -> String {
    match value {
        Argument::Int(n) => n.to_string(),
        Argument::Bool(b) => b.to_string(),
        Argument::Enum(id, i) => format.enum_(*id).values.get(*i).map_or_else(String::new, |value| value.name.clone()),
        Argument::Flags(_, bits) => bits.to_string(),
        Argument::Guid(_, text) => guid_text(text, false),
        Argument::Text(text) => String::from_utf8_lossy(text).into_owned(),
    }
}
