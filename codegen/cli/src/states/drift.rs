//! Where the specs of devices and the descriptions of them do not agree, for `verify` and for whoever looks at states anyway.

use vmspec::Finding;
use vmspec::qevm::device_state::{Body, Released, decode};
use vmspec::qevm::devices::Devices;
use vmspec::qevm::excerpt::excerpt;
use vmspec::qevm::schema::Schema;
use vmspec::qevm::{self, description, drift};
use vmspec_codegen::interpret::edit::set_input;
use vmspec_codegen::interpret::{self, Look, Reading, Start, Wanted};
use vmspec_codegen::model::{Format, ORIGIN};

use super::{Section, State, described, sections};
use crate::description::{Json, set_inputs};
use crate::refusal::Refusal;
use crate::spec;
use crate::target::Target;
use crate::told::Told;

/// What there is to say of the devices of a stream that was read well. Only they are looked at, so that a stream of any size takes
/// little memory.
pub fn findings(target: &mut Target) -> Result<Vec<Finding>, Refusal> {
    let Some(json) = json(target)? else { return Ok(Vec::new()) };
    let inputs = Target::inputs(&target.inputs);
    let model = model(target, json.text(), &inputs)?;
    let excerpt = excerpt(&mut target.reader, target.offset, &inputs)?;
    let schema = Schema::parse(json.text())?;
    let devices = json.devices(&schema);
    let reading = read(&model, &devices, &excerpt.stream)?;
    let mut findings = Vec::new();
    for (section, offset) in sections(&Look::root(&model, &reading.root)).iter().zip(&excerpt.offsets) {
        let State::Known(state) = &section.state else { continue };
        let vmsd = described::describe(state);
        let own = decode(&vmsd, bytes(&excerpt.stream, state), *offset, &Released)?;
        findings.extend(finding(section, &own, &devices));
    }
    Ok(findings)
}

/// What there is to say of one device, whose state as its spec has it is `own`.
pub fn finding(section: &Section<'_>, own: &Body<'_>, devices: &Devices<'_>) -> Option<Finding> {
    drift::finding(&section.wanted(own.offset), own, devices)
}

/// The description that counts.
fn json(target: &mut Target) -> Result<Option<Json>, Refusal> {
    let given = target.inputs.iter().find(|(name, _)| name == qevm::DESCRIPTION);
    if let Some((_, json)) = given {
        return Ok(Some(Json::Another(json.clone())));
    }
    Ok(description::find(&mut target.reader, target.offset)?.map(Json::Own))
}

fn model(target: &Target, json: &str, inputs: &[(&str, &str)]) -> Result<Format, Refusal> {
    let (mut model, _) = vmspec_codegen::compile(&spec::built_in(target.format))?;
    set_inputs(&mut model, json)?;
    for (name, value) in inputs.iter().filter(|(name, _)| ![qevm::DESCRIPTION, ORIGIN].contains(name)) {
        set_input(&mut model, &format!("{name}={value}")).map_err(Refusal::Choice)?;
    }
    Ok(model)
}

fn read(model: &Format, devices: &Devices<'_>, stream: &[u8]) -> Result<Reading, Refusal> {
    let start = Start { ty: model.root, at: 0, big: true };
    let reading = interpret::read_asking(model, start, (&[], &Told(devices), &Wanted::default()), &stream);
    match reading.error {
        Some(error) => Err(error.into()),
        None => Ok(reading),
    }
}

/// The bytes of a state.
fn bytes<'b>(stream: &'b [u8], state: &Look<'_>) -> &'b [u8] {
    let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    let rest = stream.get(place(state.node.at)..).unwrap_or_default();
    rest.get(..place(state.node.len)).unwrap_or_default()
}
