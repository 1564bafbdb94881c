//! Says which channels are in a recording, which is a capture behind a header of this program's own: `private_format FILE`.

use std::error::Error;
use std::fs::File;
use std::io::BufReader;

use rt::Ahead;
use rt::binrw::{self, BinRead, BinWrite};

vmspec_macros::spec! { "specs/capture.yaml", derive(Eq), serde = "json", runtime = rt }

use capture::{Capture, CaptureArgs};

/// Tells how long frames are: up to the byte that ends them.
struct Frames;

impl capture::Externs for Frames {
    fn frame(&self, ahead: &mut Ahead<'_>, end: u8) -> rt::Result<u64> {
        while ahead.block()? != [end] {}
        Ok(ahead.looked_at())
    }
}

/// A capture with the time it was made at.
#[derive(BinRead, BinWrite, Debug, PartialEq, Eq)]
#[brw(big, magic = b"REC")]
struct Recording {
    seconds: u32,
    #[br(args { externs: &Frames })]
    #[bw(args_raw = CaptureArgs::default())]
    capture: Capture,
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: private_format FILE")?;
    let recording = Recording::read(&mut BufReader::new(File::open(path)?))?;
    println!("{}: channels {:?}", recording.seconds, channels(&recording));
    Ok(())
}

fn channels(recording: &Recording) -> Vec<u8> {
    recording.capture.frames.iter().map(|frame| frame.channel).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use capture::Frame;
    use rt::Wire;
    use std::io::Cursor;

    const BYTES: &[u8] = b"REC\0\0\0\x09CAP1;\x02\x01one;\x07;";

    #[test]
    fn frames_are_as_long_as_they_say() -> Result<(), Box<dyn Error>> {
        let recording = Recording::read(&mut Cursor::new(BYTES))?;
        assert_eq!((recording.seconds, channels(&recording)), (9, vec![1, 7]));
        // Their bytes stay in the file until they are asked for.
        let mut capture = Vec::new();
        recording.capture.write_from(&mut Cursor::new(BYTES), &mut capture)?;
        assert_eq!(capture, &BYTES[7..]);
        Ok(())
    }

    /// With the feature of this crate that it is by, which is on.
    #[cfg(feature = "json")]
    #[test]
    fn captures_are_for_serde() {
        fn serialized<T: serde::Serialize>() {}
        serialized::<Capture>();
        serialized::<Frame>();
    }

    #[test]
    fn a_recording_is_written() -> Result<(), Box<dyn Error>> {
        let frame = |channel, bytes: &[u8]| Frame { channel, bytes: bytes.to_vec().into() };
        let capture = Capture { end: b';', frames: vec![frame(1, b"one;"), frame(7, b";")] };
        let mut written = Cursor::new(Vec::new());
        Recording { seconds: 9, capture }.write(&mut written)?;
        assert_eq!(written.into_inner(), BYTES);
        Ok(())
    }

    #[test]
    fn a_frame_without_an_end_is_refused_with_its_place() {
        let error = Recording::read(&mut Cursor::new(&BYTES[..BYTES.len() - 1])).unwrap_err();
        let error = rt::Error::of(&error).map(ToString::to_string).unwrap_or_default();
        assert!(error.contains("frames[1].bytes"), "{error}");
    }
}
