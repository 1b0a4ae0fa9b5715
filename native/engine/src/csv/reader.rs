//! The CSV source: its dialect and header, and the second pass, which reads the rows.

use memchr::memchr_iter;

use crate::build::{self, Cell};
use crate::csv::blocks::{LONGEST, too_long};
use crate::csv::dialect;
use crate::csv::records::{Marks, split};
use crate::csv::text::{self, broken_records, count_lines, readable};
use crate::encoding::{self, Encoding};
use crate::error::{Error, Result};
use crate::findings::{Findings, excerpt};
use crate::flow;
use crate::input::{Rows, Take, absent};
use crate::nulls::NullWords;
use crate::number::Mark;
use crate::options::Asked;
use crate::plan::ColumnPlan;
use crate::report::Dialect;
use crate::source::{Scratch, Source};

/// Bytes that the dialect is told from.
pub(super) const SAMPLE: u64 = 256 << 10;

/// A CSV source with its dialect.
pub struct CsvInput {
    pub(super) source: Source,
    pub(super) encoding: Encoding,
    pub(super) marks: Marks,
    pub(super) header: bool,
    carriage_return: bool,
    pub(super) decimal: Option<&'static str>,
    pub(super) nulls: NullWords,
    pub(super) asked: Asked,
    pub(super) scratch: Scratch,
    pub(super) labels: Vec<String>,
    skipped_lines: u64,
    pub(super) body: u64,
    /// Where each block begins, and where the last one ends.
    pub(super) blocks: Vec<(u64, u64)>,
    pub(super) findings: Findings,
}

impl CsvInput {
    /// Opens a text source and tells its dialect.
    pub fn open(source: Source, asked: &Asked, nulls: &NullWords, scratch: &Scratch) -> Result<Self> {
        let encoding = encoding::detect(&source, asked.encoding)?;
        let (source, odd) = encoding::to_utf8(source, encoding, scratch)?;
        let mut input = Self::with_encoding(source, encoding, asked, nulls, scratch)?;
        input.findings.absorb(odd);
        Ok(input)
    }

    pub(super) fn with_encoding(
        source: Source,
        encoding: Encoding,
        asked: &Asked,
        nulls: &NullWords,
        scratch: &Scratch,
    ) -> Result<Self> {
        let start = text::after_lines(&source, asked.skip_lines.unwrap_or(0))?;
        let bytes = sample(&source, start)?;
        let whole = start + bytes.len() as u64 == source.size();
        if bytes.iter().all(u8::is_ascii_whitespace) && whole {
            return Err(Error::EmptySource(format!("{} holds nothing but blank lines", source.label)));
        }
        let sample = readable(&bytes);
        let found = dialect::detect(&sample, whole, asked, nulls)?;
        let mut input = Self {
            source,
            encoding,
            marks: found.marks,
            header: found.header,
            carriage_return: found.carriage_return,
            decimal: None,
            nulls: nulls.clone(),
            asked: asked.clone(),
            scratch: scratch.clone(),
            labels: Vec::new(),
            skipped_lines: asked.skip_lines.unwrap_or(0),
            body: start,
            blocks: Vec::new(),
            findings: Findings::default(),
        };
        input.find_body(&sample, found.preamble)?;
        if encoding.is_guess() && asked.encoding.is_none() {
            input.findings.note("encoding_guess", 0, None, || {
                let name = encoding.name();
                let reason =
                    format!("the bytes are no UTF-8: they were read as {name}, by the letters they make");
                (name, reason)
            });
        }
        Ok(input)
    }

    /// Reads the header and finds where the rows begin.
    fn find_body(&mut self, sample: &str, preamble: usize) -> Result<()> {
        let records = split(sample.as_bytes(), self.marks, preamble + 2);
        let first = records.starts.get(preamble).map_or(0, |&at| at as usize);
        self.skipped_lines += memchr_iter(self.marks.line_end, &sample.as_bytes()[..first]).count() as u64;
        for record in 0..preamble.min(records.count()) {
            let at = records.starts[record] as usize;
            let line = sample[at..].lines().next().unwrap_or_default();
            self.findings.note("preamble", self.body + at as u64, None, || {
                (excerpt(line.as_bytes()), "a line before the table was skipped".to_owned())
            });
        }
        if preamble >= records.count() {
            return Err(Error::EmptySource(format!("{} holds no rows", self.source.label)));
        }
        let cells = records.cells(preamble);
        let start = self.body;
        self.body = start + first as u64;
        if self.header {
            self.labels = cells.iter().map(|cell| cell.text(sample, self.marks).into_owned()).collect();
            let next = records.starts.get(preamble + 1).map(|&at| start + u64::from(at));
            self.body = match next {
                Some(next) => next,
                None => self.after_first_record(self.body)?,
            };
        } else {
            self.labels = vec![String::new(); cells.len()];
        }
        Ok(())
    }

    /// Where the record after the first one begins, when the sample does not show it.
    fn after_first_record(&self, first: u64) -> Result<u64> {
        let mut size = SAMPLE;
        loop {
            if size >= LONGEST {
                return Err(too_long(&self.source, "line"));
            }
            size = (size * 8).min(LONGEST);
            let bytes = self.source.read(first, first + size)?;
            let records = split(&bytes, self.marks, 2);
            if let Some(&next) = records.starts.get(1) {
                return Ok(first + u64::from(next));
            }
            if first + size >= self.source.size() {
                return Ok(self.source.size());
            }
        }
    }

    /// Reads the rows.
    pub fn read(&self, plans: &[ColumnPlan], places: &[Option<usize>], take: &mut Take<'_>) -> Result<()> {
        let total = self.source.size().max(1) as f64;
        let mut blocks = self.blocks.iter().copied();
        flow::run(
            |_| Ok(blocks.next()),
            |&(from, to)| {
                let bytes = self.source.read(from, to)?;
                let (columns, count) = self.columns(&bytes, plans, places)?;
                Ok(Rows { columns, count, fraction: to as f64 / total })
            },
            |rows: Result<Rows>| take(rows?),
        )
    }

    fn columns(
        &self,
        bytes: &[u8],
        plans: &[ColumnPlan],
        places: &[Option<usize>],
    ) -> Result<(Vec<arrow_array::ArrayRef>, usize)> {
        let text = readable(bytes);
        let records = split(text.as_bytes(), self.marks, usize::MAX);
        let broken = broken_records(bytes, &text, &records);
        let kept: Vec<usize> =
            (0..records.count()).filter(|record| broken.binary_search(record).is_err()).collect();
        let columns: Result<Vec<_>> = plans
            .iter()
            .zip(places)
            .map(|(plan, place)| {
                let Some(place) = *place else { return Ok(absent(plan, kept.len())) };
                let mut cells = kept.iter().map(|&record| {
                    let span = records.cells(record).get(place)?;
                    Some(Cell { text: span.text(&text, self.marks), quoted: span.quoted() })
                });
                build::column(plan, kept.len(), &mut cells)
            })
            .collect();
        Ok((columns?, kept.len()))
    }

    /// What was odd about the source.
    pub fn findings(&mut self) -> Findings {
        std::mem::take(&mut self.findings)
    }

    /// The lines on which these rising offsets lie.
    pub fn lines(&self, offsets: &[u64]) -> Result<Vec<u64>> {
        count_lines(&self.source, self.marks.line_end, offsets)
    }

    /// How the source is read.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        let shown = |byte: u8| char::from(byte).to_string();
        Dialect {
            format: "csv",
            encoding: Some(self.encoding.name()),
            delimiter: Some(shown(self.marks.delimiter)),
            quote: self.marks.quote.map(shown),
            escape: self.marks.escape.map(shown),
            header: Some(self.header),
            skipped_lines: self.skipped_lines,
            line_end: Some(match (self.marks.line_end, self.carriage_return) {
                (b'\r', _) => "\r",
                (_, true) => "\r\n",
                _ => "\n",
            }),
            decimal: match self.asked.decimal {
                Some(Mark::Comma) => Some(","),
                Some(Mark::Point) => Some("."),
                None => self.decimal,
            },
        }
    }
}

/// The source from `start` on, with at least two whole lines where it has them.
fn sample(source: &Source, start: u64) -> Result<Vec<u8>> {
    let mut size = SAMPLE;
    loop {
        let bytes = source.read(start, start + size)?;
        let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).take(3).count();
        if lines > 2 || start + size >= source.size() {
            return Ok(bytes);
        }
        if size >= LONGEST {
            return if lines > 0 { Ok(bytes) } else { Err(too_long(source, "line")) };
        }
        size = (size * 8).min(LONGEST);
    }
}
