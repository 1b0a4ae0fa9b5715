//! One column of a row group, encoded page by page as its rows come: by dictionary, or plainly.

use arrow_buffer::{BooleanBufferBuilder, NullBuffer};
use bytes::Bytes;
use parquet::basic::{Compression, Encoding};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::Result;
use parquet::file::metadata::{ColumnChunkMetaData, OffsetIndexBuilder};
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

use crate::bounds::Bounds;
use crate::pack;
use crate::press;
use crate::values::Values;

/// Bytes of a dictionary, after which values are written plainly.
const DICTIONARY: usize = 1 << 20;
/// Rows and bytes after which a page is full.
const PAGE_ROWS: usize = 16_384;
const PAGE_BYTES: usize = 1 << 20;
/// Bytes in which the levels of a page without nulls have room.
const LEVELS: usize = 8;

/// A column chunk that is being made.
pub struct Chunk {
    descr: ColumnDescPtr,
    out: TrackedWrite<Vec<u8>>,
    index: OffsetIndexBuilder,
    /// Bytes written, and what they were before they were compressed.
    packed: usize,
    plain: usize,
    /// Pages that wait for the dictionary, which comes first.
    pages: Vec<CompressedPage>,
    /// Encodings of pages so far.
    encodings: Vec<Encoding>,
    /// The values of the page at hand, or their places in the dictionary.
    pub values: Values,
    pub truths: BooleanBufferBuilder,
    pub places: Vec<u32>,
    /// Whether values are written by their places.
    placed: bool,
    dictionary: Vec<u8>,
    entries: usize,
    present: BooleanBufferBuilder,
    waiting: usize,
    rows: usize,
    nulls: usize,
    compressed: Option<bool>,
}

impl Chunk {
    /// An empty chunk in memory that was in use before, by dictionary where values repeat.
    #[must_use]
    pub fn new(descr: ColumnDescPtr, repeats: bool, spare: Vec<u8>) -> Self {
        Self {
            values: Values::new(descr.physical_type()),
            descr,
            out: TrackedWrite::new(spare),
            index: OffsetIndexBuilder::new(),
            packed: 0,
            plain: 0,
            pages: Vec::new(),
            encodings: vec![Encoding::RLE],
            truths: BooleanBufferBuilder::new(0),
            places: Vec::new(),
            placed: repeats,
            dictionary: Vec::new(),
            entries: 0,
            present: BooleanBufferBuilder::new(0),
            waiting: 0,
            rows: 0,
            nulls: 0,
            compressed: None,
        }
    }

    /// Whether the next values are to be given by their places.
    #[must_use]
    pub fn is_placed(&self) -> bool {
        self.placed
    }

    /// Values in the dictionary.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.entries
    }

    /// Bytes that wait to be written.
    #[must_use]
    pub fn held(&self) -> usize {
        let pages: usize = self.pages.iter().map(CompressedPage::compressed_size).sum();
        self.packed + pages + self.values.held() + self.dictionary.len()
    }

    /// Adds a value to the dictionary, plainly encoded by `write`.
    #[inline]
    pub fn enter(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        write(&mut self.dictionary);
        self.entries += 1;
    }

    /// Writes the values from here on plainly.
    pub fn go_plain(&mut self) -> Result<()> {
        self.end_page()?;
        self.placed = false;
        Ok(())
    }

    /// Notes `count` rows whose values have been added.
    pub fn end_rows(&mut self, nulls: Option<&NullBuffer>, count: usize) -> Result<()> {
        let absent = nulls.map_or(0, NullBuffer::null_count);
        if let Some(nulls) = nulls.filter(|_| absent > 0) {
            self.present.append_n(self.waiting - self.present.len(), true);
            self.present.append_buffer(nulls.inner());
        }
        self.waiting += count;
        self.nulls += absent;
        if self.placed && self.dictionary.len() > DICTIONARY {
            self.go_plain()
        } else if self.waiting >= PAGE_ROWS || self.values.held() >= PAGE_BYTES {
            self.end_page()
        } else {
            Ok(())
        }
    }

    fn end_page(&mut self) -> Result<()> {
        if self.waiting == 0 {
            return Ok(());
        }
        if !self.present.is_empty() {
            self.present.append_n(self.waiting - self.present.len(), true);
        }
        let mut levels = Vec::with_capacity(LEVELS);
        let present = (!self.present.is_empty()).then(|| self.present.as_slice());
        pack::levels(present, self.waiting, &mut levels);
        if self.placed {
            let width = pack::width(self.entries);
            levels.push(width);
            pack::numbers(&self.places, width, &mut levels);
            self.add_page(Bytes::from(levels), Encoding::RLE_DICTIONARY)?;
        } else if self.truths.is_empty() {
            let body = self.values.body(levels, !self.pages.is_empty());
            self.add_page(body.whole.slice(body.from..), body.encoding)?;
            self.values.reclaim(body.whole);
        } else {
            levels.extend_from_slice(self.truths.as_slice());
            self.add_page(Bytes::from(levels), Encoding::PLAIN)?;
        }
        self.rows += self.waiting;
        self.waiting = 0;
        self.places.clear();
        self.truths.truncate(0);
        self.present.truncate(0);
        Ok(())
    }

    fn write(&mut self, page: CompressedPage) -> Result<()> {
        let (rows, is_data) = (page.num_values(), page.compressed_page().is_data_page());
        let spec = SerializedPageWriter::new(&mut self.out).write_page(page)?;
        self.packed += spec.compressed_size;
        self.plain += spec.uncompressed_size;
        if is_data {
            let size = i32::try_from(spec.compressed_size).unwrap_or(i32::MAX);
            self.index.append_row_count(rows.into());
            self.index.append_offset_and_size(spec.offset.cast_signed(), size);
        }
        Ok(())
    }

    fn add_page(&mut self, body: Bytes, encoding: Encoding) -> Result<()> {
        if !self.encodings.contains(&encoding) {
            self.encodings.push(encoding);
        }
        let size = body.len();
        let page = Page::DataPage {
            buf: self.pressed(body)?,
            num_values: self.waiting as u32,
            encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        let page = CompressedPage::new(page, size);
        if self.placed || !self.pages.is_empty() {
            self.pages.push(page);
            return Ok(());
        }
        self.write(page)
    }

    /// The body of a page as it is written.
    fn pressed(&mut self, body: Bytes) -> Result<Bytes> {
        let compressed = if let Some(known) = self.compressed { known } else { press::pays(&body)? };
        self.compressed = Some(compressed);
        if compressed { press::packed(&body) } else { Ok(body) }
    }

    /// The dictionary as the page that comes first.
    fn dictionary_page(&mut self) -> Result<CompressedPage> {
        let size = self.dictionary.len();
        let body = Bytes::from(std::mem::take(&mut self.dictionary));
        let page = Page::DictionaryPage {
            buf: self.pressed(body)?,
            num_values: self.entries as u32,
            encoding: Encoding::PLAIN,
            is_sorted: false,
        };
        Ok(CompressedPage::new(page, size))
    }

    /// The bytes of the chunk and what is to be said of it.
    pub fn close(mut self, bounds: Bounds) -> Result<(Bytes, ColumnCloseResult)> {
        self.end_page()?;
        let by_place = !self.pages.is_empty();
        if by_place {
            if !self.encodings.contains(&Encoding::PLAIN) {
                // The dictionary itself is plain.
                self.encodings.push(Encoding::PLAIN);
            }
            let page = self.dictionary_page()?;
            self.write(page)?;
        }
        let begin = if by_place { self.packed } else { 0 };
        for page in std::mem::take(&mut self.pages) {
            self.write(page)?;
        }
        let codec =
            if self.compressed == Some(true) { Compression::SNAPPY } else { Compression::UNCOMPRESSED };
        let metadata = ColumnChunkMetaData::builder(self.descr)
            .set_compression(codec)
            .set_encodings(self.encodings)
            .set_total_compressed_size(signed(self.packed))
            .set_total_uncompressed_size(signed(self.plain))
            .set_num_values(signed(self.rows))
            .set_data_page_offset(signed(begin))
            .set_dictionary_page_offset(by_place.then_some(0))
            .set_statistics(bounds.statistics(self.nulls as u64))
            .build()?;
        let bytes = self.out.into_inner()?;
        let close = ColumnCloseResult {
            bytes_written: bytes.len() as u64,
            rows_written: self.rows as u64,
            metadata,
            bloom_filter: None,
            column_index: None,
            offset_index: Some(self.index.build()),
        };
        Ok((bytes.into(), close))
    }
}

fn signed(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
