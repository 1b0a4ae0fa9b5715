//! JSON lines, arrays of objects, and objects one after another.

mod parse;
mod reader;
mod records;
pub mod shape;

pub use reader::JsonInput;
