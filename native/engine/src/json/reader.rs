//! The JSON source: two passes over blocks, both in parallel.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::ArrayRef;
use rayon::prelude::*;

use crate::build::{self, Cell};
use crate::csv::blocks::Block;
use crate::csv::text::{count_lines, readable};
use crate::decide::Surveyed;
use crate::encoding::{self, Encoding};
use crate::error::{Error, Result};
use crate::evidence::Evidence;
use crate::findings::{Findings, excerpt};
use crate::input::{Rows, Step, Take, absent};
use crate::json::parse::{self, Json, Member};
use crate::json::records::{Layout, next_block, spans};
use crate::json::shape::{self, Shape};
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
    source: Source,
    encoding: Encoding,
    layout: Layout,
    nulls: NullWords,
    labels: Vec<String>,
    blocks: Vec<(u64, u64)>,
    findings: Findings,
}

/// Keys in order of first appearance, with what their values are like.
#[derive(Default)]
struct Keys {
    places: HashMap<String, usize>,
    found: Vec<(String, Evidence)>,
}

impl Keys {
    /// The place of a key; `guess` is where it was in the record before.
    fn place(&mut self, key: &str, guess: usize) -> usize {
        if self.found.get(guess).is_some_and(|(known, _)| known == key) {
            return guess;
        }
        if let Some(&place) = self.places.get(key) {
            return place;
        }
        self.found.push((key.to_owned(), Evidence::default()));
        self.places.insert(key.to_owned(), self.found.len() - 1);
        self.found.len() - 1
    }
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
        let first = text.trim_start().lines().next().unwrap_or_default();
        let layout = if parse::record(first).is_ok() { Layout::Lines } else { Layout::Stream };
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

    /// Looks at every value.
    pub fn survey(&mut self, step: &mut Step<'_, '_>) -> Result<Vec<Surveyed>> {
        let mut keys = Keys::default();
        let mut records = 0;
        let mut at = 0;
        let total = self.source.size().max(1) as f64;
        loop {
            let mut wave = Vec::new();
            while wave.len() < rayon::current_num_threads() {
                let Some(block) = next_block(&self.source, at, self.layout)? else { break };
                let end = at + block.bytes.len() as u64;
                self.blocks.push((at, end));
                at = end;
                wave.push(block);
            }
            if wave.is_empty() {
                break;
            }
            let told: Vec<_> = wave.into_par_iter().map(|block| self.look(&block)).collect();
            for (more, odd, count) in told {
                records += count;
                for (key, evidence) in more.found {
                    let place = keys.place(&key, usize::MAX);
                    keys.found[place].1.merge(&evidence);
                }
                self.findings.absorb(odd);
            }
            step.advance(at as f64 / total)?;
        }
        self.named(keys, records)
    }

    fn named(&mut self, keys: Keys, records: usize) -> Result<Vec<Surveyed>> {
        let label = &self.source.label;
        if records == 0 && self.findings.rejected_count > 0 {
            return Err(Error::NotThisFormat(format!("{label} holds no JSON objects that can be read")));
        }
        if keys.found.is_empty() {
            return Err(Error::EmptySource(format!("{label} holds no columns")));
        }
        let (labels, evidence): (Vec<String>, Vec<Evidence>) = keys.found.into_iter().unzip();
        self.labels.clone_from(&labels);
        let columns = names::unique(&labels).into_iter().zip(labels).zip(evidence);
        Ok(columns.map(|((name, label), evidence)| Surveyed { name, label, evidence }).collect())
    }

    fn look(&self, block: &Block) -> (Keys, Findings, usize) {
        let text = readable(&block.bytes);
        let valid = std::str::from_utf8(&block.bytes).is_ok();
        let (mut keys, mut findings, mut records) = (Keys::default(), Findings::default(), 0);
        for (from, to) in spans(text.as_bytes(), self.layout) {
            let offset = block.offset + from as u64;
            match record(&block.bytes, &text, (from, to), valid) {
                Err(fault) => {
                    let raw = excerpt(&block.bytes[from..to]);
                    findings.reject(
                        "malformed_record",
                        offset,
                        raw,
                        &format!("the record is no JSON object: {fault}"),
                    );
                }
                Ok(members) => {
                    records += 1;
                    let mut seen = Vec::with_capacity(members.len());
                    for (guess, member) in members.iter().enumerate() {
                        let place = keys.place(&member.key, guess);
                        if seen.contains(&place) {
                            findings.note("repeated_key", offset, None, || {
                                (
                                    member.key.to_string(),
                                    "the key stands twice in a record: the last value counts".to_owned(),
                                )
                            });
                        }
                        seen.push(place);
                        self.weigh(&mut keys.found[place].1, member, offset);
                    }
                }
            }
        }
        (keys, findings, records)
    }

    fn weigh(&self, evidence: &mut Evidence, member: &Member<'_>, offset: u64) {
        match &member.value {
            Json::Null => {}
            Json::Truth(_) => evidence.add_truth(),
            Json::Number(spelling) => evidence.add(spelling, &self.nulls, || offset),
            Json::Text(text) => evidence.add_string(text, &self.nulls, || offset),
            nested => evidence.add_nested(Shape::of(nested)),
        }
    }

    /// Reads the rows.
    pub fn read(&self, plans: &[ColumnPlan], places: &[Option<usize>], take: &mut Take<'_>) -> Result<()> {
        let total = self.source.size().max(1) as f64;
        let known: HashMap<&str, usize> =
            self.labels.iter().enumerate().map(|(at, label)| (label.as_str(), at)).collect();
        for wave in self.blocks.chunks(rayon::current_num_threads()) {
            let rows: Vec<Result<Rows>> = wave
                .par_iter()
                .map(|&(from, to)| {
                    let bytes = self.source.read(from, to)?;
                    let (columns, count) = self.columns(&bytes, plans, places, &known)?;
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
        known: &HashMap<&str, usize>,
    ) -> Result<(Vec<ArrayRef>, usize)> {
        let text = readable(bytes);
        let valid = std::str::from_utf8(bytes).is_ok();
        let mut values: Vec<Vec<Option<Member<'_>>>> = self.labels.iter().map(|_| Vec::new()).collect();
        let mut rows = 0;
        for span in spans(text.as_bytes(), self.layout) {
            let Ok(members) = record(bytes, &text, span, valid) else { continue };
            rows += 1;
            for (guess, member) in members.into_iter().enumerate() {
                let guessed = self.labels.get(guess).is_some_and(|label| *label == member.key);
                let place = if guessed { Some(guess) } else { known.get(member.key.as_ref()).copied() };
                let Some(column) = place.and_then(|place| values.get_mut(place)) else { continue };
                column.truncate(rows - 1);
                column.resize_with(rows - 1, || None);
                column.push(Some(member));
            }
        }
        for column in &mut values {
            column.resize_with(rows, || None);
        }
        let columns: Result<Vec<ArrayRef>> = plans
            .iter()
            .zip(places)
            .map(|(plan, place)| {
                place.map_or_else(|| Ok(absent(plan, rows)), |place| column(plan, &values[place]))
            })
            .collect();
        Ok((columns?, rows))
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

/// The members of a record; one with broken bytes is refused.
fn record<'t>(
    bytes: &[u8],
    text: &'t str,
    (from, to): (usize, usize),
    valid: bool,
) -> std::result::Result<Vec<Member<'t>>, parse::Fault> {
    if !valid && std::str::from_utf8(&bytes[from..to]).is_err() {
        return Err("it holds bytes that are no valid UTF-8");
    }
    parse::record(&text[from..to])
}

fn column(plan: &ColumnPlan, values: &[Option<Member<'_>>]) -> Result<ArrayRef> {
    if let Kind::Native(data_type) = &plan.kind {
        let nested: Vec<_> =
            values.iter().map(|member| member.as_ref().map(|member| &member.value)).collect();
        return Ok(shape::build(data_type, &nested));
    }
    let mut cells = values.iter().map(|member| {
        let member = member.as_ref()?;
        Some(match &member.value {
            Json::Null => return None,
            Json::Text(text) => Cell { text: Cow::Borrowed(text.as_ref()), quoted: true },
            _ => Cell { text: Cow::Borrowed(member.raw), quoted: true },
        })
    });
    build::column(plan, values.len(), &mut cells).map(|array| Arc::clone(&array))
}
