//! A stream as one of the formats: its description is looked for first.

use super::schema::Schema;
use super::{Stream, StreamArgs, description, devices::Devices};
use crate::Error;
use crate::format::{self, Inputs, Prepare, ReadSeek};

/// What stands for an input that is a description: that of another stream of the same machine.
pub const DESCRIPTION: &str = "description";

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
        let told = description::inputs(&schema);
        format::set(&mut args, &told.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>())?;
        format::set(&mut args, &inputs)?;
        then(reader, args)
    }
}
