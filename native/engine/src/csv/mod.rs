//! CSV and its relatives: surveyed block by block, then read block by block.

pub mod blocks;
pub mod cells;
pub mod dialect;
pub mod letters;
mod places;
mod reader;
pub mod records;
mod survey;
pub mod text;

pub use reader::CsvInput;
