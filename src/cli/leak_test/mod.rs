//! `goyo leak-test`.

mod vectors;
