//! The CSV source: two passes over blocks, both in parallel.

use memchr::memchr_iter;
use rayon::prelude::*;

use crate::build::{self, Cell};
use crate::csv::blocks::{Block, Cutter};
use crate::csv::dialect;
use crate::csv::records::{Marks, split};
use crate::csv::text::{broken_records, count_lines, raw, readable, remark_lines};
use crate::decide::Surveyed;
use crate::encoding::{self, Encoding};
use crate::error::{Error, Result};
use crate::evidence::Evidence;
use crate::findings::{Findings, excerpt};
use crate::input::{Rows, Step, Take, absent};
use crate::names;
use crate::nulls::NullWords;
use crate::plan::ColumnPlan;
use crate::report::Dialect;
use crate::source::{Scratch, Source};

/// Bytes that the dialect is told from.
const SAMPLE: u64 = 256 << 10;

/// A CSV source with its dialect.
pub struct CsvInput {
    source: Source,
    encoding: Encoding,
    marks: Marks,
    header: bool,
    carriage_return: bool,
    decimal: Option<&'static str>,
    nulls: NullWords,
    delimiter: Option<u8>,
    scratch: Scratch,
    labels: Vec<String>,
    skipped_lines: u64,
    body: u64,
    /// Where each block begins, and where the last one ends.
    blocks: Vec<(u64, u64)>,
    findings: Findings,
}

/// What one block tells.
struct Told {
    evidence: Vec<Evidence>,
    findings: Findings,
}

impl CsvInput {
    /// Opens a text source and tells its dialect.
    pub fn open(source: Source, delimiter: Option<u8>, nulls: &NullWords, scratch: &Scratch) -> Result<Self> {
        let encoding = encoding::detect(&source)?;
        let source = encoding::to_utf8(source, encoding, scratch)?;
        Self::with_encoding(source, encoding, delimiter, nulls, scratch)
    }

    fn with_encoding(
        source: Source,
        encoding: Encoding,
        delimiter: Option<u8>,
        nulls: &NullWords,
        scratch: &Scratch,
    ) -> Result<Self> {
        let bytes = source.read(0, SAMPLE)?;
        let whole = bytes.len() as u64 == source.size();
        if bytes.iter().all(u8::is_ascii_whitespace) && whole {
            return Err(Error::EmptySource(format!("{} holds nothing but blank lines", source.label)));
        }
        let sample = readable(&bytes);
        let found = dialect::detect(&sample, whole, delimiter, nulls)?;
        let mut input = Self {
            source,
            encoding,
            marks: found.marks,
            header: found.header,
            carriage_return: found.carriage_return,
            decimal: None,
            nulls: nulls.clone(),
            delimiter,
            scratch: scratch.clone(),
            labels: Vec::new(),
            skipped_lines: 0,
            body: 0,
            blocks: Vec::new(),
            findings: Findings::default(),
        };
        input.find_body(&sample, found.preamble)?;
        if matches!(encoding, Encoding::Windows1252 | Encoding::Latin1) {
            input.findings.note("encoding_guess", 0, None, || {
                let name = encoding.name();
                (name.to_owned(), format!("the bytes are no UTF-8: each was read as one letter of {name}"))
            });
        }
        Ok(input)
    }

    /// Reads the header and finds where the rows begin.
    fn find_body(&mut self, sample: &str, preamble: usize) -> Result<()> {
        let records = split(sample.as_bytes(), self.marks, preamble + 2);
        let first = records.starts.get(preamble).map_or(0, |&at| at as usize);
        self.skipped_lines = memchr_iter(self.marks.line_end, &sample.as_bytes()[..first]).count() as u64;
        for record in 0..preamble.min(records.count()) {
            let at = records.starts[record] as usize;
            let line = sample[at..].lines().next().unwrap_or_default();
            self.findings.note("preamble", at as u64, None, || {
                (excerpt(line.as_bytes()), "a line before the table was skipped".to_owned())
            });
        }
        if preamble >= records.count() {
            return Err(Error::EmptySource(format!("{} holds no rows", self.source.label)));
        }
        let cells = records.cells(preamble);
        self.body = first as u64;
        if self.header {
            self.labels = cells.iter().map(|cell| cell.text(sample, self.marks).into_owned()).collect();
            let next = records.starts.get(preamble + 1).map(|&at| u64::from(at));
            self.body = match next {
                Some(next) => next,
                None => self.after_first_record(first as u64)?,
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
            size *= 8;
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

    /// Looks at every cell.
    pub fn survey(&mut self, step: &mut Step<'_, '_>) -> Result<Vec<Surveyed>> {
        let evidence = self.gather(step)?;
        if self.findings.rejected_count > 0 && self.encoding == Encoding::Utf8 && !self.is_utf8()? {
            self.reopen()?;
            return self.survey(step);
        }
        let names = names::unique(&self.labels);
        let columns: Vec<Surveyed> = names
            .into_iter()
            .zip(&self.labels)
            .zip(evidence)
            .map(|((name, label), evidence)| Surveyed {
                label: if label.is_empty() { name.clone() } else { label.clone() },
                name,
                evidence,
            })
            .collect();
        self.remark_columns(&columns);
        Ok(columns)
    }

    fn is_utf8(&self) -> Result<bool> {
        let mut tally = encoding::Tally::default();
        for &(from, to) in &self.blocks {
            let block = encoding::Tally::of(&self.source.read(from, to)?);
            tally.broken += block.broken;
            tally.letters += block.letters;
        }
        Ok(tally.is_utf8())
    }

    /// Reads the source again with one byte a letter.
    fn reopen(&mut self) -> Result<()> {
        let source = self.source.whole()?;
        let encoding = encoding::single_byte(&source.read(0, source.size().min(SAMPLE * 64))?);
        let source = encoding::to_utf8(source, encoding, &self.scratch)?;
        *self = Self::with_encoding(source, encoding, self.delimiter, &self.nulls, &self.scratch)?;
        Ok(())
    }

    fn gather(&mut self, step: &mut Step<'_, '_>) -> Result<Vec<Evidence>> {
        let mut evidence = vec![Evidence::default(); self.labels.len()];
        let total = self.source.size().max(1) as f64;
        let mut cutter = Cutter::new(&self.source, self.marks, self.body);
        let mut findings = std::mem::take(&mut self.findings);
        loop {
            let mut wave = Vec::new();
            while wave.len() < rayon::current_num_threads() {
                let Some(block) = cutter.next()? else { break };
                self.blocks.push((block.offset, block.offset + block.bytes.len() as u64));
                wave.push(block);
            }
            if wave.is_empty() {
                break;
            }
            let told: Vec<Told> = wave.into_par_iter().map(|block| self.look(&block)).collect();
            for Told { evidence: more, findings: odd } in told {
                evidence.iter_mut().zip(&more).for_each(|(column, block)| column.merge(block));
                findings.absorb(odd);
            }
            step.advance(cutter.position() as f64 / total)?;
        }
        self.findings = findings;
        Ok(evidence)
    }

    fn remark_columns(&mut self, columns: &[Surveyed]) {
        let comma = columns.iter().any(|column| {
            let evidence = &column.evidence;
            evidence.text == 0 && evidence.surely_comma > 0 && evidence.surely_point == 0
        });
        self.decimal = comma.then_some(",");
        for (at, column) in columns.iter().enumerate() {
            let evidence = &column.evidence;
            let typed = evidence.numbers() + evidence.truths() + evidence.moments.count();
            if evidence.text > 0 && evidence.text == evidence.odd.len() as u64 && evidence.text * 20 <= typed
            {
                for (offset, cell) in &evidence.odd {
                    self.findings.note("odd_value", *offset, Some(at), || {
                        (cell.clone(), "the one kind of value that makes this column text".to_owned())
                    });
                }
            }
            if self.header && self.labels[at] != column.name {
                let (label, name) = (self.labels[at].clone(), column.name.clone());
                self.findings
                    .note("renamed_column", 0, Some(at), || (label, format!("the column is called {name}")));
            }
        }
    }

    fn look(&self, block: &Block) -> Told {
        let text = readable(&block.bytes);
        let records = split(text.as_bytes(), self.marks, usize::MAX);
        let width = self.labels.len();
        let mut told = Told { evidence: vec![Evidence::default(); width], findings: Findings::default() };
        let broken = broken_records(&block.bytes, &records);
        for record in 0..records.count() {
            let offset = block.offset + u64::from(records.starts[record]);
            if broken.binary_search(&record).is_ok() {
                let raw = excerpt(raw(&block.bytes, &records, record));
                told.findings.reject("bad_bytes", offset, raw, "the row holds bytes that are no valid UTF-8");
                continue;
            }
            let cells = records.cells(record);
            for (column, cell) in told.evidence.iter_mut().zip(cells) {
                let cell = cell.text(&text, self.marks);
                if !cell.is_empty() {
                    column.add(&cell, &self.nulls, || offset);
                }
            }
            if cells.len() != width {
                let raw = raw(text.as_bytes(), &records, record);
                self.remark_width(&mut told.findings, offset, cells.len(), raw);
            }
        }
        remark_lines(&mut told.findings, block, &records);
        told
    }

    fn remark_width(&self, findings: &mut Findings, offset: u64, found: usize, raw: &[u8]) {
        let width = self.labels.len();
        if found < width {
            findings.note("short_row", offset, None, || {
                (excerpt(raw), format!("{found} of {width} cells: the rest are null"))
            });
        } else {
            findings.note("long_row", offset, None, || {
                (excerpt(raw), format!("{found} cells for {width} columns: the surplus is kept here only"))
            });
        }
    }

    /// Reads the rows.
    pub fn read(&self, plans: &[ColumnPlan], places: &[Option<usize>], take: &mut Take<'_>) -> Result<()> {
        let total = self.source.size().max(1) as f64;
        for wave in self.blocks.chunks(rayon::current_num_threads()) {
            let rows: Vec<Result<Rows>> = wave
                .par_iter()
                .map(|&(from, to)| {
                    let bytes = self.source.read(from, to)?;
                    let (columns, count) = self.columns(&bytes, plans, places)?;
                    Ok(Rows { columns, count, fraction: to as f64 / total })
                })
                .collect();
            for block in rows {
                take(block?)?;
            }
        }
        Ok(())
    }

    fn columns(
        &self,
        bytes: &[u8],
        plans: &[ColumnPlan],
        places: &[Option<usize>],
    ) -> Result<(Vec<arrow_array::ArrayRef>, usize)> {
        let text = readable(bytes);
        let records = split(text.as_bytes(), self.marks, usize::MAX);
        let broken = broken_records(bytes, &records);
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
            decimal: self.decimal,
        }
    }
}
