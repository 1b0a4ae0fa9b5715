//! The shape of nested values: regular ones become lists and structs.

use std::collections::HashSet;
use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Float64Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, ListArray, StructArray};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{DataType, Field, FieldRef};

use crate::json::parse::Json;
use crate::names;
use crate::number::{self, Mark};

/// Fields of a struct beyond which an object counts as irregular.
const FIELDS: usize = 200;

/// What all the values seen at one place have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Shape {
    /// Nothing but nulls so far.
    #[default]
    Unknown,
    Truth,
    Whole,
    Double,
    Text,
    List(Box<Shape>),
    Object(Vec<(String, Shape)>),
    /// Nothing in common.
    Irregular,
}

impl Shape {
    /// The shape of one value.
    #[must_use]
    pub fn of(value: &Json<'_>) -> Self {
        match value {
            Json::Null => Self::Unknown,
            Json::Truth(_) => Self::Truth,
            Json::Number(spelling) => number_shape(spelling),
            Json::Text(_) => Self::Text,
            Json::List(items) => {
                let inner = items.iter().fold(Self::Unknown, |shape, item| shape.with(Self::of(item)));
                Self::List(Box::new(inner))
            }
            Json::Object(members) => Self::Object(
                members.iter().map(|(key, value)| (key.clone().into_owned(), Self::of(value))).collect(),
            ),
        }
    }

    /// What two shapes have in common.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, shape) | (shape, Self::Unknown) => shape,
            (Self::Whole, Self::Double) | (Self::Double, Self::Whole) => Self::Double,
            (Self::List(one), Self::List(other)) => Self::List(Box::new(one.with(*other))),
            (Self::Object(one), Self::Object(other)) => merged(one, other),
            (one, other) if one == other => one,
            _ => Self::Irregular,
        }
    }

    /// The Arrow type, unless the shape is irregular somewhere.
    #[must_use]
    pub fn arrow(&self) -> Option<DataType> {
        Some(match self {
            Self::Irregular => return None,
            Self::Unknown | Self::Text => DataType::Utf8,
            Self::Truth => DataType::Boolean,
            Self::Whole => DataType::Int64,
            Self::Double => DataType::Float64,
            Self::List(item) => DataType::List(Arc::new(Field::new("item", item.arrow()?, true))),
            Self::Object(fields) => {
                let names: Vec<String> = fields.iter().map(|(name, _)| name.clone()).collect();
                let distinct: HashSet<String> = names.iter().map(|name| names::fold(name)).collect();
                if fields.is_empty() || distinct.len() < names.len() || names::unique(&names) != names {
                    return None;
                }
                let fields: Option<Vec<FieldRef>> = fields
                    .iter()
                    .map(|(name, shape)| Some(Arc::new(Field::new(name, shape.arrow()?, true))))
                    .collect();
                DataType::Struct(fields?.into())
            }
        })
    }
}

fn number_shape(spelling: &str) -> Shape {
    match number::parse(spelling.as_bytes(), Mark::Point) {
        Some(number) if number.floating || number.pointed => Shape::Double,
        Some(number) if number.whole().is_some() => Shape::Whole,
        _ => Shape::Irregular,
    }
}

fn merged(mut one: Vec<(String, Shape)>, other: Vec<(String, Shape)>) -> Shape {
    for (at, (name, shape)) in other.into_iter().enumerate() {
        let known = if one.get(at).is_some_and(|(known, _)| *known == name) {
            Some(at)
        } else {
            one.iter().position(|(known, _)| *known == name)
        };
        match known {
            Some(at) => {
                let before = std::mem::take(&mut one[at].1);
                one[at].1 = before.with(shape);
            }
            None => one.push((name, shape)),
        }
    }
    if one.len() > FIELDS { Shape::Irregular } else { Shape::Object(one) }
}

/// The values as an Arrow array of a type that [`Shape::arrow`] gave; what does not fit is null.
#[must_use]
pub fn build(data_type: &DataType, values: &[Option<&Json<'_>>]) -> ArrayRef {
    match data_type {
        DataType::Boolean => {
            let mut out = BooleanBuilder::with_capacity(values.len());
            for value in values {
                out.append_option(if let Some(Json::Truth(truth)) = value { Some(*truth) } else { None });
            }
            Arc::new(out.finish())
        }
        DataType::Int64 => {
            let mut out = Int64Builder::with_capacity(values.len());
            for value in values {
                out.append_option(spelling(*value).and_then(|text| text.parse().ok()));
            }
            Arc::new(out.finish())
        }
        DataType::Float64 => {
            let mut out = Float64Builder::with_capacity(values.len());
            for value in values {
                out.append_option(spelling(*value).and_then(|text| text.parse().ok()));
            }
            Arc::new(out.finish())
        }
        DataType::List(item) => list(item, values),
        DataType::Struct(fields) => {
            let columns = fields
                .iter()
                .enumerate()
                .map(|(at, field)| {
                    let inner: Vec<_> = values.iter().map(|value| member(*value, at, field.name())).collect();
                    build(field.data_type(), &inner)
                })
                .collect();
            let valid = values.iter().map(|value| matches!(value, Some(Json::Object(_)))).collect::<Vec<_>>();
            Arc::new(StructArray::new(fields.clone(), columns, Some(NullBuffer::from(valid))))
        }
        _ => {
            let mut out = StringBuilder::new();
            for value in values {
                out.append_option(if let Some(Json::Text(text)) = value {
                    Some(text.as_ref())
                } else {
                    None
                });
            }
            Arc::new(out.finish())
        }
    }
}

fn spelling<'j>(value: Option<&'j Json<'_>>) -> Option<&'j str> {
    if let Some(Json::Number(text)) = value { Some(text) } else { None }
}

fn member<'j, 'a>(value: Option<&'j Json<'a>>, at: usize, name: &str) -> Option<&'j Json<'a>> {
    let Some(Json::Object(members)) = value else { return None };
    let expected = members.get(at).filter(|(key, _)| key == name);
    expected.or_else(|| members.iter().rev().find(|(key, _)| key == name)).map(|(_, value)| value)
}

fn list(item: &FieldRef, values: &[Option<&Json<'_>>]) -> ArrayRef {
    let mut inner = Vec::new();
    let mut lengths = Vec::with_capacity(values.len());
    let mut valid = Vec::with_capacity(values.len());
    for value in values {
        if let Some(Json::List(items)) = value {
            inner.extend(items.iter().map(Some));
            lengths.push(items.len());
            valid.push(true);
        } else {
            lengths.push(0);
            valid.push(false);
        }
    }
    let items = build(item.data_type(), &inner);
    let offsets = OffsetBuffer::from_lengths(lengths);
    Arc::new(ListArray::new(Arc::clone(item), offsets, items, Some(NullBuffer::from(valid))))
}

#[cfg(test)]
#[path = "shape_tests.rs"]
mod tests;
