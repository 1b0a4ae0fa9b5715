//! The JSON source: surveyed block by block, in parallel; read on the way as long as the guessed types hold.

use arrow_array::ArrayRef;
use rayon::prelude::*;

use crate::build::{self, Cell};
use crate::csv::blocks::Block;
use crate::csv::text::{count_lines, readable};
use crate::decide::Surveyed;
use crate::encoding::{self, Encoding};
use crate::error::{Error, Result};
use crate::evidence::Evidence;
use crate::findings::Findings;
use crate::flow;
use crate::grid::Grid;
use crate::guess::{self, FIRST, Guess, Plans};
use crate::input::{Early, Rows, Step, Take, absent};
use crate::json::gathered::{Gathered, Told};
use crate::json::look::nested;
use crate::json::parse::Parser;
use crate::json::records::{Layout, next_block};
use crate::json::table::Table;
use crate::names;
use crate::nulls::NullWords;
use crate::options::Asked;
use crate::plan::{ColumnPlan, Kind};
use crate::report::Dialect;
use crate::source::{Scratch, Source};

/// Bytes that the layout is told from.
const SAMPLE: u64 = 1 << 20;

/// A JSON source.
pub struct JsonInput {
    pub(super) source: Source,
    encoding: Encoding,
    pub(super) layout: Layout,
    pub(super) nulls: NullWords,
    pub(super) labels: Vec<String>,
    blocks: Vec<(u64, u64)>,
    findings: Findings,
}

impl JsonInput {
    /// Opens a text source and tells how its records follow each other.
    pub fn open(source: Source, asked: &Asked, nulls: &NullWords, scratch: &Scratch) -> Result<Self> {
        let encoding = encoding::detect(&source, asked.encoding)?;
        let (source, findings) = encoding::to_utf8(source, encoding, scratch)?;
        let head = source.read(0, SAMPLE)?;
        let text = readable(&head);
        if text.trim().is_empty() && head.len() as u64 == source.size() {
            return Err(Error::EmptySource(format!("{} holds nothing but blanks", source.label)));
        }
        let first = text.trim_start().lines().next().unwrap_or_default().trim_end();
        let is_record = Parser::new(first, 0).object(Parser::member).is_ok();
        let layout = if is_record { Layout::Lines } else { Layout::Stream };
        Ok(Self {
            source,
            encoding,
            layout,
            nulls: nulls.clone(),
            labels: Vec::new(),
            blocks: Vec::new(),
            findings,
        })
    }

    /// Looks at every value; gives the rows to `early` as long as its guess of the types holds.
    pub fn survey(
        &mut self,
        step: &mut Step<'_, '_>,
        early: Option<&mut (dyn Early + '_)>,
    ) -> Result<Vec<Surveyed>> {
        let total = self.source.size().max(1) as f64;
        let (source, layout, mut at) = (self.source.whole()?, self.layout, 0);
        let (mut blocks, mut all) = (Vec::new(), Gathered::default());
        all.findings = std::mem::take(&mut self.findings);
        let mut cut = |size: u64, spare: &mut Vec<Block>| -> Result<Option<Block>> {
            let mut room = spare.drain(..).map(|block| block.bytes).collect();
            let block = next_block(&source, at, size, layout, &mut room)?;
            if let Some(block) = &block {
                blocks.push((at, at + block.bytes.len() as u64));
                at += block.bytes.len() as u64;
            }
            Ok(block)
        };
        let mut guess = Guess::new(early);
        if guess.is_due() {
            let size = guess::first_size(source.block);
            let first = (0..FIRST).map_while(|_| cut(size, &mut Vec::new()).transpose());
            let first = first.collect::<Result<Vec<Block>>>()?;
            let first = first.par_iter().with_max_len(1);
            let told: Vec<Told> = first.clone().map(|block| self.look(block, None)).collect();
            let end = told.into_iter().try_fold(0, |_, told| all.take(told, &mut guess))?;
            if all.keys.found.is_empty() {
                // Nothing to guess types from: the columns come later.
                guess = Guess::new(None);
            } else {
                let columns = self.named(&all)?;
                let input = &*self;
                guess.begin(&columns, |plans| {
                    first.map(|block| input.look(block, Some(plans)).rows).collect()
                })?;
            }
            step.reach(end as f64 / total, all.records as u64)?;
        }
        let (plans, input) = (guess.plans(), &*self);
        flow::run(
            |spare| cut(source.block, spare),
            |block| input.look(block, plans.as_ref().and_then(Plans::held)),
            |told| {
                let end = all.take(told, &mut guess)?;
                step.reach(end as f64 / total, all.records as u64)
            },
        )?;
        self.blocks = blocks;
        let columns = self.named(&all);
        self.findings = all.findings;
        columns
    }

    fn named(&mut self, all: &Gathered) -> Result<Vec<Surveyed>> {
        let label = &self.source.label;
        if all.records == 0 && all.findings.rejected_count > 0 {
            return Err(Error::NotThisFormat(format!("{label} holds no JSON objects that can be read")));
        }
        if all.keys.found.is_empty() {
            return Err(Error::EmptySource(format!("{label} holds no columns")));
        }
        let (labels, evidence): (Vec<String>, Vec<Evidence>) = all.keys.found.iter().cloned().unzip();
        self.labels.clone_from(&labels);
        let columns = names::unique(&labels).into_iter().zip(labels).zip(evidence);
        Ok(columns.map(|((name, label), evidence)| Surveyed { name, label, evidence }).collect())
    }

    /// Reads the rows.
    pub fn read(&self, plans: &[ColumnPlan], places: &[Option<usize>], take: &mut Take<'_>) -> Result<()> {
        let total = self.source.size().max(1) as f64;
        let mut blocks = self.blocks.iter().copied();
        flow::run(
            |_| Ok(blocks.next()),
            |&(from, to)| {
                let block = Block { offset: from, bytes: self.source.read(from, to)?, may_quote: true };
                let text = readable(&block.bytes);
                self.rows(&Table::of(&block, &text, self.layout), plans, places, to as f64 / total)
            },
            |rows: Result<Rows>| take(rows?),
        )
    }

    /// The records of a block under these plans; an error where a value does not keep to them.
    fn rows(
        &self,
        table: &Table<'_>,
        plans: &[ColumnPlan],
        places: &[Option<usize>],
        fraction: f64,
    ) -> Result<Rows> {
        let count = table.rows();
        let columns: Result<Vec<ArrayRef>> = plans
            .iter()
            .zip(places)
            .map(|(plan, place)| {
                let known = place.and_then(|place| table.known(&self.labels[place]));
                known.map_or_else(|| Ok(absent(plan, count)), |place| column(plan, table, place))
            })
            .collect();
        Ok(Rows { columns: columns?, count, fraction })
    }

    /// What was odd about the source.
    pub fn findings(&mut self) -> Findings {
        std::mem::take(&mut self.findings)
    }

    /// The lines on which these rising offsets lie.
    pub fn lines(&self, offsets: &[u64]) -> Result<Vec<u64>> {
        count_lines(&self.source, b'\n', offsets)
    }

    /// How the source is read.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        Dialect { format: "json", encoding: Some(self.encoding.name()), ..Dialect::default() }
    }
}

fn column(plan: &ColumnPlan, table: &Table<'_>, place: usize) -> Result<ArrayRef> {
    if let Kind::Native(data_type) = &plan.kind {
        return Ok(nested(data_type, table, place));
    }
    let mut cells =
        table.column(place).map(|slot| slot.map(|slot| Cell { text: table.text(slot), quoted: true }));
    build::column(plan, table.rows(), &mut cells)
}
