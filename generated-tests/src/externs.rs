//! Code by hand for specs with externs: for generated code, in a module called like the format, and for the interpreter. The
//! tests that are generated for a spec name the first, those that hold the two together find the second by the format's id.

use vmspec_codegen::interpret::{self, Asked, NoExterns, Untold};
#[cfg(feature = "features")]
use vmspec_codegen::model::Class;

/// What the command line asks.
#[path = "../../codegen/cli/src/told.rs"]
mod told;

/// What the interpreter asks for a format.
#[must_use]
pub fn interpreted(format: &str) -> &'static dyn interpret::Externs {
    match format {
        #[cfg(feature = "features")]
        "f_externs" => &f_externs::Externs,
        #[cfg(feature = "features")]
        "f_pull_stream" => &f_pull_stream::Externs,
        "qevm" => &qevm::Externs,
        _ => &NoExterns,
    }
}

/// Of the spec `externs.yaml`.
#[cfg(feature = "features")]
pub mod f_externs {
    use super::{Asked, Class, Untold, interpret};
    use crate::features::externs::{self as spec, Kind};
    use vmspec_codegen::interpret::Datum;
    use vmspec_runtime::{Ahead, Error, Result};

    /// Tells the length of a line by its end, and of the state of a device by its first byte.
    #[derive(Clone, Copy, Debug)]
    pub struct Externs;

    impl spec::Externs for Externs {
        fn line(&self, ahead: &mut Ahead<'_>, stop: u8) -> Result<u64> {
            while ahead.block()? != [stop] {}
            Ok(ahead.looked_at())
        }

        fn opaque_state(
            &self,
            ahead: &mut Ahead<'_>,
            idstr: &[u8],
            version: u8,
            kind: Kind,
            exact: bool,
        ) -> Result<u64> {
            assert_eq!((kind, exact), (Kind::Device, idstr.len() > 2), "the arguments are those of the spec");
            device(ahead, version)
        }

        fn nothing(&self, ahead: &mut Ahead<'_>) -> Result<u64> {
            Ok(ahead.looked_at())
        }
    }

    /// Length of the state of a device, by its first byte.
    pub(super) fn device(ahead: &mut Ahead<'_>, version: u8) -> Result<u64> {
        let [count] = ahead.block()?;
        match length(count, version) {
            Some(length) => Ok(length),
            None => Err(Error::new(vmspec_runtime::Class::Unsupported, "a device that is not as large", count)),
        }
    }

    /// Length of the state of a device.
    fn length(count: u8, version: u8) -> Option<u64> {
        (count < 0xf0).then(|| u64::from(count).saturating_mul(version.into()).saturating_add(1))
    }

    impl interpret::Externs for Externs {
        fn length(&self, asked: &Asked<'_>) -> std::result::Result<u64, Untold> {
            let number = |name: &str| {
                let value = asked.args.iter().find(|(known, _)| *known == name).and_then(|(_, value)| value.number());
                value.and_then(|n| u8::try_from(n).ok()).unwrap_or_default()
            };
            match asked.name {
                "line" => line(asked, number("stop")),
                "opaque_state" => {
                    let (count, text) = (byte(asked, 0)?, asked.args.iter().find(|(name, _)| *name == "idstr"));
                    assert!(matches!(text, Some((_, Datum::Bytes(_)))), "the arguments are those of the spec");
                    length(count, number("version")).ok_or_else(|| Untold {
                        class: Class::Unsupported,
                        at: 0,
                        expected: "a device that is not as large".to_owned(),
                        found: format!("{count} ({count:#x})"),
                    })
                }
                _ => Ok(0),
            }
        }
    }

    fn line(asked: &Asked<'_>, stop: u8) -> std::result::Result<u64, Untold> {
        let mut at = 0_u64;
        loop {
            let byte = byte(asked, at)?;
            at = at.saturating_add(1);
            if byte == stop {
                return Ok(at);
            }
        }
    }

    fn byte(asked: &Asked<'_>, at: u64) -> std::result::Result<u8, Untold> {
        let mut byte = [0];
        asked.read_at(at, &mut byte).map_err(|_| Untold {
            class: if asked.in_window { Class::Invalid } else { Class::Truncated },
            at,
            expected: "1 byte".to_owned(),
            found: "0".to_owned(),
        })?;
        Ok(byte[0])
    }
}

/// Of the spec `pull_stream.yaml`.
#[cfg(feature = "features")]
pub mod f_pull_stream {
    use super::{Asked, Untold, f_externs, interpret};
    use crate::features::pull_stream as spec;
    use vmspec_runtime::{Ahead, Result};

    /// Tells the length of the state of a device by its first byte, as those of `externs.yaml` do.
    #[derive(Clone, Copy, Debug)]
    pub struct Externs;

    impl spec::Externs for Externs {
        fn opaque_state(&self, ahead: &mut Ahead<'_>, _: &[u8], version: u8) -> Result<u64> {
            f_externs::device(ahead, version)
        }
    }

    impl interpret::Externs for Externs {
        fn length(&self, asked: &Asked<'_>) -> std::result::Result<u64, Untold> {
            f_externs::Externs.length(asked)
        }
    }
}

/// Of the spec `qevm.yaml`: lengths by footers, as examples have no description.
pub mod qevm {
    use super::told::Told;
    use super::{Asked, Untold, interpret};
    use vmspec::qevm::devices::Devices;
    use vmspec_runtime::{Ahead, Result};

    /// Tells lengths by footers.
    #[derive(Clone, Copy, Debug)]
    pub struct Externs;

    impl vmspec::qevm::Externs for Externs {
        fn opaque_state(
            &self,
            ahead: &mut Ahead<'_>,
            idstr: &[u8],
            instance: u32,
            version: u32,
            section_id: u32,
        ) -> Result<u64> {
            Devices::new().opaque_state(ahead, idstr, instance, version, section_id)
        }
    }

    impl interpret::Externs for Externs {
        fn length(&self, asked: &Asked<'_>) -> std::result::Result<u64, Untold> {
            Told(&Devices::new()).length(asked)
        }
    }
}
