//! What is said of measurements.

pub mod table;
