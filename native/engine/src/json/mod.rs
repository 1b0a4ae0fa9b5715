//! JSON lines, arrays of objects, and objects one after another.

mod cells;
mod gathered;
mod keys;
mod leads;
mod look;
mod numbers;
mod parse;
mod plain;
mod reader;
mod records;
mod regular;
pub mod shape;
mod slots;
mod table;
mod value;
mod values;

pub use reader::JsonInput;
