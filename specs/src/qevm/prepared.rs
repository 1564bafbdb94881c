//! A stream as one of the formats: its description is looked for first.

use super::devices::{Devices, Guess};
use super::schema::Schema;
use super::{MultifdChannel, MultifdChannelArgs, Stream, StreamArgs, description};
use crate::Error;
use crate::format::{self, Inputs, Prepare, ReadSeek, Report};
use crate::runtime::SetInput;

/// What stands for an input that is a description: that of another stream of the same machine.
pub const DESCRIPTION: &str = "description";

/// A channel has no description of its own. That of its stream tells the size of pages, where it is given as the input
/// [`DESCRIPTION`].
impl Prepare<MultifdChannel> for Prepared {
    fn prepared<R>(
        reader: &mut dyn ReadSeek,
        _: u64,
        inputs: Inputs<'_>,
        then: impl FnOnce(&mut dyn ReadSeek, MultifdChannelArgs) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let mut args = MultifdChannelArgs::default();
        for (name, value) in inputs {
            if *name == DESCRIPTION {
                set_told(&mut args, &Schema::parse(value)?)?;
            } else {
                format::set(&mut args, &[(name, value)])?;
            }
        }
        then(reader, args)
    }
}

/// Sets what a description tells.
fn set_told<A: SetInput>(args: &mut A, schema: &Schema<'_>) -> Result<(), Error> {
    let told = description::inputs(schema);
    format::set(args, &told.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>())
}

/// Finds the description of a stream, which tells the size of pages and how long states are. One that is given as the input
/// [`DESCRIPTION`], in JSON, is taken instead.
#[derive(Clone, Copy, Debug)]
pub struct Prepared;

impl Prepare<Stream> for Prepared {
    fn prepared<R>(
        reader: &mut dyn ReadSeek,
        offset: u64,
        inputs: Inputs<'_>,
        then: impl FnOnce(&mut dyn ReadSeek, StreamArgs<'_>) -> Result<R, Error>,
    ) -> Result<R, Error> {
        with_devices(reader, offset, inputs, then).map(|(value, _)| value)
    }

    fn reported(
        reader: &mut dyn ReadSeek,
        offset: u64,
        inputs: Inputs<'_>,
        then: impl FnOnce(&mut dyn ReadSeek, StreamArgs<'_>) -> Result<Report, Error>,
    ) -> Result<Report, Error> {
        let (mut report, guesses) = with_devices(reader, offset, inputs, then)?;
        report.add(guesses.iter().map(Guess::finding));
        Ok(report)
    }
}

/// What `then` gives, and the lengths that were guessed for it.
fn with_devices<R>(
    reader: &mut dyn ReadSeek,
    offset: u64,
    inputs: Inputs<'_>,
    then: impl FnOnce(&mut dyn ReadSeek, StreamArgs<'_>) -> Result<R, Error>,
) -> Result<(R, Vec<Guess>), Error> {
    let (given, inputs): (Vec<_>, Vec<_>) = inputs.iter().partition(|(name, _)| *name == DESCRIPTION);
    let given = given.first().map(|(_, json)| *json);
    let json = match given {
        Some(json) => json.to_owned(),
        None => description::find(reader, offset)?.unwrap_or_default(),
    };
    let schema = if json.is_empty() { Schema::default() } else { Schema::parse(&json)? };
    let devices = match given {
        Some(_) => Devices::described_by_another(&schema),
        None => Devices::described_by(&schema),
    };
    let mut args = StreamArgs { externs: &devices, ..StreamArgs::default() };
    set_told(&mut args, &schema)?;
    format::set(&mut args, &inputs)?;
    let value = then(reader, args)?;
    Ok((value, devices.guesses()))
}
