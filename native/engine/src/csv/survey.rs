//! The pass over a CSV source: every cell is looked at, and read where types were guessed, block by block, in parallel.

use std::cell::Cell;

use rayon::prelude::*;

use crate::cook::Cooked;
use crate::csv::blocks::{Block, Cutter};
use crate::csv::cells::Cells;
use crate::csv::letters::{self, LineEnds};
use crate::csv::reader::{CsvInput, SAMPLE};
use crate::csv::records::{Marks, Records, split_into};
use crate::csv::text::{broken_records, raw, readable, remark_lines};
use crate::decide::Surveyed;
use crate::encoding::{self, Encoding};
use crate::error::Result;
use crate::evidence::Evidence;
use crate::findings::{Findings, excerpt};
use crate::flow;
use crate::grid::Grid;
use crate::guess::{self, FIRST, Guess, Plans};
use crate::input::{Early, Rows, Step};
use crate::names;
use crate::plan::ColumnPlan;

/// What one block tells.
#[derive(Default)]
struct Told {
    evidence: Vec<Evidence>,
    findings: Findings,
    /// The first cells that are not of the guessed types.
    odd: Findings,
    /// How many rows can be read.
    count: u64,
    /// Where the block ends.
    end: u64,
    ends: LineEnds,
    /// The rows, where every cell was of the guessed type.
    rows: Option<Rows>,
}

/// What all blocks tell.
struct Gathered {
    evidence: Vec<Evidence>,
    findings: Findings,
    read: u64,
    ends: LineEnds,
}

/// Rows whose cells are read column by column, so that they stay in the cache.
const STRETCH: usize = 160;

thread_local! {
    /// The records of the block before, whose memory serves again.
    static RECORDS: Cell<Records> = Cell::default();
}

impl Gathered {
    /// Adds what the next block tells; gives where it ends.
    fn take(&mut self, told: Told, guess: &mut Guess<'_, '_>) -> Result<u64> {
        self.ends.add(told.ends);
        self.read += told.count;
        self.evidence.iter_mut().zip(&told.evidence).for_each(|(column, block)| column.merge(block));
        self.findings.absorb(told.findings);
        // A block that was read ahead, before the guess was known to be wrong, tells nothing new of that.
        if guess.holds() {
            self.findings.absorb(told.odd);
        }
        guess.take(told.rows)?;
        Ok(told.end)
    }
}

impl CsvInput {
    /// Looks at every cell; gives the rows to `early` as long as its guess of the types holds.
    pub fn survey(
        &mut self,
        step: &mut Step<'_, '_>,
        mut early: Option<&mut (dyn Early + '_)>,
    ) -> Result<Vec<Surveyed>> {
        let evidence = self.gather(step, early.as_deref_mut())?;
        let told = self.encoding == Encoding::Utf8 && self.asked.encoding.is_none();
        if self.findings.rejected_count > 0 && told && !self.is_utf8()? {
            self.reopen()?;
            if let Some(early) = &mut early {
                early.give_up();
            }
            return self.survey(step, early);
        }
        let columns = self.named(evidence);
        self.remark_columns(&columns);
        Ok(columns)
    }

    fn named(&self, evidence: Vec<Evidence>) -> Vec<Surveyed> {
        names::unique(&self.labels)
            .into_iter()
            .zip(&self.labels)
            .zip(evidence)
            .map(|((name, label), evidence)| Surveyed {
                label: if label.is_empty() { name.clone() } else { label.clone() },
                name,
                evidence,
            })
            .collect()
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

    fn gather(
        &mut self,
        step: &mut Step<'_, '_>,
        early: Option<&mut (dyn Early + '_)>,
    ) -> Result<Vec<Evidence>> {
        let mut all = Gathered {
            evidence: vec![Evidence::default(); self.labels.len()],
            findings: std::mem::take(&mut self.findings),
            read: 0,
            ends: LineEnds::default(),
        };
        let total = self.source.size().max(1) as f64;
        let mut cutter = Cutter::new(&self.source, self.marks, self.body);
        let mut guess = Guess::new(early);
        let mut blocks = Vec::new();
        let mut cut = |size: u64, spare: &mut Vec<Block>| -> Result<Option<Block>> {
            spare.drain(..).for_each(|block| cutter.recycle(block));
            let block = cutter.next(size)?;
            blocks.extend(block.iter().map(|block| (block.offset, block.offset + block.bytes.len() as u64)));
            Ok(block)
        };
        let size = guess::first_size(self.source.block);
        let wanted = if guess.is_due() { FIRST } else { 0 };
        let first = (0..wanted).map_while(|_| cut(size, &mut Vec::new()).transpose());
        let first = first.collect::<Result<Vec<Block>>>()?;
        if !first.is_empty() {
            let first = first.par_iter().with_max_len(1);
            let told: Vec<Told> = first.clone().map(|block| self.look(block, None, total)).collect();
            let end = told.into_iter().try_fold(0, |_, told| all.take(told, &mut guess))?;
            guess.begin(&self.named(all.evidence.clone()), |plans| {
                first.map(|block| self.look(block, Some(plans), total).rows).collect()
            })?;
            step.reach(end as f64 / total, all.read)?;
        }
        let plans = guess.plans();
        flow::run(
            |spare| cut(self.source.block, spare),
            |block| self.look(block, plans.as_ref().and_then(Plans::held), total),
            |told| {
                let end = all.take(told, &mut guess)?;
                step.reach(end as f64 / total, all.read)
            },
        )?;
        all.ends.remark(&mut all.findings);
        (self.blocks, self.findings) = (blocks, all.findings);
        Ok(all.evidence)
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

    /// What a block tells; its rows too, where there are plans and every cell keeps to them.
    fn look(&self, block: &Block, plans: Option<&[ColumnPlan]>, total: f64) -> Told {
        let marks = Marks { quote: self.marks.quote.filter(|_| block.may_quote), ..self.marks };
        let text = readable(&block.bytes);
        let mut records = RECORDS.take();
        split_into(text.as_bytes(), marks, usize::MAX, &mut records);
        let width = self.labels.len();
        let mut told = Told { evidence: vec![Evidence::default(); width], ..Told::default() };
        let broken = broken_records(&block.bytes, &text, &records);
        let mut kept = Vec::with_capacity(records.count());
        for record in 0..records.count() {
            let offset = block.offset + u64::from(records.starts[record]);
            if broken.binary_search(&record).is_ok() {
                let raw = excerpt(raw(&block.bytes, &records, record));
                told.findings.reject("bad_bytes", offset, raw, "the row holds bytes that are no valid UTF-8");
                continue;
            }
            kept.push(record);
            let found = records.cells(record).len();
            if found != width {
                let raw = raw(text.as_bytes(), &records, record);
                self.remark_width(&mut told.findings, offset, found, raw);
            }
        }
        remark_lines(&mut told.findings, block, &records);
        letters::remark(&mut told.findings, block, &records, marks);
        (told.count, told.ends) = (kept.len() as u64, LineEnds::of(&block.bytes, &records, marks));
        told.end = block.offset + block.bytes.len() as u64;
        let cells = Cells::new(&text, &records, &kept, marks, block.offset);
        match plans {
            Some(plans) => {
                let fraction = told.end as f64 / total;
                told.rows = self.read_cells(&cells, plans, &mut told, fraction);
            }
            None => self.look_at_cells(&cells, &mut told.evidence),
        }
        RECORDS.set(records);
        told
    }

    fn look_at_cells(&self, cells: &Cells<'_>, evidence: &mut [Evidence]) {
        for stretch in cells.kept.chunks(STRETCH) {
            for (place, column) in evidence.iter_mut().enumerate() {
                for &record in stretch {
                    let cell = cells.find(record, place).map(|span| cells.text(span));
                    if let Some(cell) = cell.filter(|cell| !cell.is_empty()) {
                        column.add(&cell, &self.nulls, || cells.offset(record));
                    }
                }
            }
        }
    }

    /// The rows under these plans, unless a cell does not keep to them; the evidence is gathered either way.
    fn read_cells(
        &self,
        cells: &Cells<'_>,
        plans: &[ColumnPlan],
        told: &mut Told,
        fraction: f64,
    ) -> Option<Rows> {
        let count = cells.kept.len();
        let mut columns: Vec<Cooked> = plans.iter().map(|plan| Cooked::new(plan, count)).collect();
        for stretch in cells.kept.chunks(STRETCH) {
            for (place, (column, evidence)) in columns.iter_mut().zip(&mut told.evidence).enumerate() {
                column.take(evidence, &self.nulls, cells, place, stretch);
            }
        }
        for (place, column) in columns.iter().enumerate() {
            let Some(record) = column.odd else { continue };
            told.odd.note("widened_type", cells.offset(record), Some(place), || {
                let cell = cells.find(record, place).map(|span| excerpt(cells.text(span).as_bytes()));
                let reason =
                    "the first value of another kind than those before it: the column's type was widened";
                (cell.unwrap_or_default(), reason.to_owned())
            });
        }
        columns.iter().all(|column| column.odd.is_none()).then(|| Rows {
            columns: columns.into_iter().map(Cooked::finish).collect(),
            count,
            fraction,
        })
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
