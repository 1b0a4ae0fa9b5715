//! The first pass over a CSV source: every cell is looked at, block by block, in parallel.

use rayon::prelude::*;

use crate::csv::blocks::{Block, Cutter};
use crate::csv::reader::{CsvInput, SAMPLE};
use crate::csv::records::split;
use crate::csv::text::{broken_records, raw, readable, remark_lines};
use crate::decide::Surveyed;
use crate::encoding::{self, Encoding};
use crate::error::Result;
use crate::evidence::Evidence;
use crate::findings::{Findings, excerpt};
use crate::input::Step;
use crate::names;

/// What one block tells.
struct Told {
    evidence: Vec<Evidence>,
    findings: Findings,
}

impl CsvInput {
    /// Looks at every cell.
    pub fn survey(&mut self, step: &mut Step<'_, '_>) -> Result<Vec<Surveyed>> {
        let evidence = self.gather(step)?;
        let told = self.encoding == Encoding::Utf8 && self.asked.encoding.is_none();
        if self.findings.rejected_count > 0 && told && !self.is_utf8()? {
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

    /// Reads the source again in an older encoding.
    fn reopen(&mut self) -> Result<()> {
        let source = self.source.whole()?;
        let encoding = encoding::legacy(&source.read(0, source.size().min(SAMPLE * 64))?);
        let (source, odd) = encoding::to_utf8(source, encoding, &self.scratch)?;
        *self = Self::with_encoding(source, encoding, &self.asked, &self.nulls, &self.scratch)?;
        self.findings.absorb(odd);
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
}
