//! JSON values, parsed or as they stand in their text.

use std::borrow::Cow;

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json<'a> {
    Null,
    Truth(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

/// A value of a record, as far as it must be parsed: where it stands, its quotes left out.
pub enum Found<'a> {
    Null,
    Truth(usize, usize),
    Number(usize, usize),
    Text(usize, usize),
    /// An object, a list, or a text with escapes, parsed and raw.
    Rare(Json<'a>, &'a str),
}
