//! A digest of sections: a sum of every field, of which an array gives one of its bytes.

/// The sum.
#[derive(Default)]
pub struct Digest(pub u64);

impl Digest {
    /// What every section has.
    #[inline]
    pub const fn section(&mut self, id: u32, name: &[u8], instance: u32, version: u32) {
        self.add(id as u64 + name.len() as u64 + instance as u64 + version as u64);
    }

    /// A timer.
    #[inline]
    pub fn timer(&mut self, ticks: i64, unused: i64, clock: Option<i64>) {
        for it in [ticks, unused, clock.unwrap_or(0)] {
            self.add(it.cast_unsigned());
        }
    }

    /// Fields of a byte each.
    #[inline]
    pub fn bytes<const N: usize>(&mut self, of: [u8; N]) {
        for it in of {
            self.add(it.into());
        }
    }

    /// A clock.
    #[inline]
    pub fn rtc(&mut self, cmos: &[u8], index: u8, words: [u64; 4], counts: [u32; 2]) {
        self.bytes([cmos[7], index]);
        for it in words {
            self.add(it);
        }
        for it in counts {
            self.add(it.into());
        }
    }

    /// A bridge.
    #[inline]
    pub fn pci(&mut self, version: i32, config: &[u8], irqs: impl Iterator<Item = u32>) {
        self.add(i64::from(version).cast_unsigned() + u64::from(config[9]));
        irqs.for_each(|it| self.add(it.into()));
    }

    /// A subsection.
    #[inline]
    pub const fn throttle(&mut self, version: u32, should: u8, pct: u32, tick: i64) {
        self.add(version as u64 + should as u64 + pct as u64);
        self.add(tick.cast_unsigned());
    }

    /// A number.
    #[inline]
    pub const fn add(&mut self, it: u64) {
        self.0 = self.0.wrapping_add(it);
    }
}
