//! Lists the records of a Xen save file as they come, from standard input: `list_xen < guest.xlsave`. A guest of any
//! size takes some 64 KiB, since payload is passed over and one record is held at a time.

use std::io;
use std::process::ExitCode;

use vmspec::Error;
use vmspec::xen_xl::{SavefileEvent, SavefileReader};

fn main() -> ExitCode {
    match list() {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{e}");
            ExitCode::FAILURE
        }
    }
}

fn list() -> Result<(), Error> {
    let mut reader = SavefileReader::new(io::stdin().lock());
    while let Some(event) = reader.next_event()? {
        match event {
            SavefileEvent::SavefileHead(head) => println!("{:?}", head.mandatory_flags),
            SavefileEvent::LibxlStreamHead(head) => println!("libxl stream: {:?}", head.options),
            SavefileEvent::LibxlRecordHead(record) => println!("libxl record: {}", record.body.tag()),
            SavefileEvent::LibxcStreamHead(head) => {
                println!("libxc stream: version {}, {}", head.version, head.domain.kind);
            }
            SavefileEvent::LibxcRecord(record) => println!("  {}: {} bytes", record.kind(), record.length()),
            SavefileEvent::SavefileStreamLegacy => println!("a stream from before Xen 4.6"),
            SavefileEvent::SavefileTail => {}
        }
    }
    Ok(())
}
