//! One column of the table on its way: profiled, hashed and encoded.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Float64Type, Int32Type, Int64Type,
    TimestampMicrosecondType,
};
use arrow_array::{Array, ArrayRef, PrimitiveArray};
use arrow_schema::{DataType, FieldRef};
use bytes::Bytes;
use parquet::arrow::arrow_writer::{ArrowColumnWriter, compute_leaves};
use parquet::basic::Type;
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::Result;
use parquet::schema::types::ColumnDescPtr;

use crate::bounds::{Bounds, Ends, widen};
use crate::chunk::Chunk;
use crate::layout;
use crate::places::Places;
use crate::profile::Profile;
use crate::render;
use crate::texts::Texts;

/// A column that is being written.
pub struct Column {
    field: FieldRef,
    pub profile: Profile,
    /// The column of the file, where this module encodes it.
    own: Option<ColumnDescPtr>,
    chunk: Option<Chunk>,
    /// Memory of the part before, which serves again.
    spare: Vec<u8>,
    bounds: Bounds,
    places: Places,
    group: u32,
    /// Encoders of nested and rare types.
    pub writers: Vec<ArrowColumnWriter>,
}

/// A finished part of a column, or the parts of a nested one.
pub enum Encoded {
    Own(Bytes, Box<ColumnCloseResult>),
    Others(Vec<ArrowColumnWriter>),
}

impl Column {
    /// A column whose first leaf in the file is `leaf`.
    #[must_use]
    pub fn new(field: &FieldRef, leaf: ColumnDescPtr) -> Self {
        let own = bounds(field.data_type(), leaf.physical_type()).is_some();
        Self {
            field: FieldRef::clone(field),
            profile: Profile::new(field.data_type()),
            own: own.then_some(leaf),
            chunk: None,
            spare: Vec::new(),
            bounds: Bounds::Boolean(None),
            places: Places::default(),
            group: 0,
            writers: Vec::new(),
        }
    }

    /// Whether encoders of another kind are needed.
    #[must_use]
    pub fn is_rare(&self) -> bool {
        self.own.is_none()
    }

    /// Begins a row group with row `from` of `first`, which tells how it is laid out.
    pub fn begin(&mut self, first: &ArrayRef, from: usize) {
        self.group += 1;
        let Some(leaf) = &self.own else { return };
        let repeats = *first.data_type() != DataType::Boolean && layout::repeats(first.as_ref(), from);
        if let Some(bounds) = bounds(first.data_type(), leaf.physical_type()) {
            self.bounds = bounds;
        }
        self.chunk = Some(Chunk::new(ColumnDescPtr::clone(leaf), repeats, std::mem::take(&mut self.spare)));
    }

    /// Takes the next cells; gives the hash of each under `seed`.
    pub fn take(&mut self, array: &ArrayRef, seed: u64) -> Result<Vec<u64>> {
        let Some(mut chunk) = self.chunk.take() else {
            for (writer, leaf) in self.writers.iter_mut().zip(&compute_leaves(&self.field, array)?) {
                writer.write(leaf)?;
            }
            return Ok(self.profile.update(array, seed));
        };
        let hashes = match array.data_type() {
            DataType::Utf8 | DataType::Binary => self.texts(&mut chunk, array, seed)?,
            DataType::Boolean => self.truths(&mut chunk, array, seed),
            DataType::Float64 => {
                let raw = |value: f64| value.to_bits().cast_signed();
                self.numbers::<Float64Type, 8>(&mut chunk, array, seed, raw)
            }
            DataType::Int64 => self.numbers::<Int64Type, 8>(&mut chunk, array, seed, |value| value),
            DataType::Timestamp(..) => {
                self.numbers::<TimestampMicrosecondType, 8>(&mut chunk, array, seed, |value| value)
            }
            DataType::Decimal128(..) => {
                self.numbers::<Decimal128Type, 8>(&mut chunk, array, seed, |value| value as i64)
            }
            DataType::Int32 => self.numbers::<Int32Type, 4>(&mut chunk, array, seed, i64::from),
            _ => self.numbers::<Date32Type, 4>(&mut chunk, array, seed, i64::from),
        };
        chunk.end_rows(array.nulls(), array.len())?;
        self.chunk = Some(chunk);
        Ok(hashes)
    }

    fn numbers<T: ArrowPrimitiveType, const WIDTH: usize>(
        &mut self,
        chunk: &mut Chunk,
        array: &ArrayRef,
        seed: u64,
        raw: impl Fn(T::Native) -> i64 + Copy,
    ) -> Vec<u64> {
        let values: &PrimitiveArray<T> = array.as_primitive();
        let hashes = self.profile.hash(array, seed);
        if values.null_count() == 0 {
            self.encode::<WIDTH>(chunk, values.values().iter().copied().map(raw));
        } else {
            let present: Vec<i64> = values.iter().flatten().map(raw).collect();
            self.encode::<WIDTH>(chunk, present.into_iter());
        }
        if !chunk.is_placed() {
            self.profile.extend(&hashes, array.nulls(), seed);
        }
        hashes
    }

    /// Adds numbers to the chunk by their places, or plainly.
    fn encode<const WIDTH: usize>(
        &mut self,
        chunk: &mut Chunk,
        numbers: impl ExactSizeIterator<Item = i64> + Clone,
    ) {
        if !chunk.is_placed() {
            self.stretch(numbers.clone());
            let bytes = &mut chunk.values.bytes;
            let from = bytes.len();
            bytes.resize(from + numbers.len() * WIDTH, 0);
            for (out, number) in bytes[from..].chunks_exact_mut(WIDTH).zip(numbers) {
                out.copy_from_slice(&number.to_le_bytes()[..WIDTH]);
            }
            return;
        }
        let known = chunk.entries();
        chunk.places.extend(numbers.map(|number| self.places.count(number)));
        for number in self.places.keys().get(known..).unwrap_or_default() {
            chunk.enter(|out| out.extend_from_slice(&number.to_le_bytes()[..WIDTH]));
        }
    }

    fn stretch(&mut self, numbers: impl Iterator<Item = i64>) {
        match &mut self.bounds {
            Bounds::Int32(bounds) => widen(bounds, numbers.map(|number| number as i32)),
            Bounds::Int64(bounds) => widen(bounds, numbers),
            Bounds::Double(bounds) => {
                let doubles = numbers.map(|number| f64::from_bits(number.cast_unsigned()));
                widen(bounds, doubles.filter(|double| !double.is_nan()));
            }
            Bounds::Boolean(_) | Bounds::Bytes(_) => {}
        }
    }

    fn truths(&mut self, chunk: &mut Chunk, array: &ArrayRef, seed: u64) -> Vec<u64> {
        let truths = array.as_boolean();
        if let Bounds::Boolean(bounds) = &mut self.bounds {
            let met = [(false, truths.false_count()), (true, truths.true_count())];
            widen(bounds, met.into_iter().filter(|&(_, times)| times > 0).map(|(truth, _)| truth));
        }
        if truths.null_count() == 0 {
            chunk.truths.append_buffer(truths.values());
        } else {
            truths.iter().flatten().for_each(|truth| chunk.truths.append(truth));
        }
        let counted = [(0, truths.false_count()), (1, truths.true_count())];
        let present = counted.into_iter().filter(|&(_, times)| times > 0);
        self.profile.add_counted(present.map(|(key, times)| (key, times as u32)));
        self.profile.hash(array, seed)
    }

    fn texts(&mut self, chunk: &mut Chunk, array: &ArrayRef, seed: u64) -> Result<Vec<u64>> {
        if chunk.is_placed() && !self.profile.keeps_texts() {
            chunk.go_plain()?;
        }
        let Bounds::Bytes(ends) = &mut self.bounds else { return Ok(self.profile.update(array, seed)) };
        let texts = Texts::of(array);
        if !chunk.is_placed() {
            texts.rows().for_each(|row| ends.add(texts.at(row)));
            texts.append_to(&mut chunk.values.lengths, &mut chunk.values.bytes);
            return Ok(self.profile.update(array, seed));
        }
        let hashes = self.profile.hash(array, seed);
        let mut cells = texts.rows().map(|row| (hashes[row], texts.at(row)));
        let next = (self.group, chunk.entries() as u32);
        self.profile.place_all(&mut cells, next, &mut |place, new| {
            chunk.places.push(place);
            if let Some(text) = new {
                ends.add(text);
                chunk.enter(|out| write_text(text, out));
            }
        });
        self.profile.look_at_texts(seed);
        Ok(hashes)
    }

    /// Gives the numbers that were counted by their places to the profile.
    fn settle(&mut self) {
        let float = matches!(self.bounds, Bounds::Double(_));
        let counted: Vec<(i64, u32)> = self.places.drain().collect();
        self.stretch(counted.iter().map(|&(number, _)| number));
        let key = |number: i64| {
            if float { render::float_key(f64::from_bits(number.cast_unsigned())) } else { number }
        };
        let mut keys: Vec<(i64, u32)> =
            counted.into_iter().map(|(number, times)| (key(number), times)).collect();
        keys.sort_unstable();
        if !keys.is_empty() {
            self.profile.add_counted(keys.into_iter());
        }
    }

    /// Bytes of the row group that wait to be written.
    #[must_use]
    pub fn held(&self) -> usize {
        let rare: usize = self.writers.iter().map(ArrowColumnWriter::get_estimated_total_bytes).sum();
        self.chunk.as_ref().map_or(rare, Chunk::held)
    }

    /// Takes back the memory of a part that has been written.
    pub fn recycle(&mut self, bytes: Bytes) {
        self.spare = bytes.into();
        self.spare.clear();
    }

    /// Ends the row group.
    pub fn end(&mut self) -> Result<Encoded> {
        self.settle();
        let Some(chunk) = self.chunk.take() else {
            return Ok(Encoded::Others(std::mem::take(&mut self.writers)));
        };
        let bounds = std::mem::replace(&mut self.bounds, Bounds::Boolean(None));
        let (bytes, close) = chunk.close(bounds)?;
        Ok(Encoded::Own(bytes, Box::new(close)))
    }
}

fn write_text(text: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&(text.len() as u32).to_le_bytes());
    out.extend_from_slice(text);
}

/// Bounds before the first value, where this module encodes values of the type.
fn bounds(data_type: &DataType, physical: Type) -> Option<Bounds> {
    Some(match (data_type, physical) {
        (DataType::Boolean, Type::BOOLEAN) => Bounds::Boolean(None),
        (DataType::Int32 | DataType::Date32, Type::INT32) => Bounds::Int32(None),
        (DataType::Int64 | DataType::Timestamp(..) | DataType::Decimal128(..), Type::INT64) => {
            Bounds::Int64(None)
        }
        (DataType::Float64, Type::DOUBLE) => Bounds::Double(None),
        (DataType::Utf8 | DataType::Binary, Type::BYTE_ARRAY) => Bounds::Bytes(Ends::default()),
        _ => return None,
    })
}

#[cfg(test)]
#[path = "column_tests.rs"]
mod tests;
