//! Pages of small files.
