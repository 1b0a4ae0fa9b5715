//! The whole work: open, survey, decide, write, report.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::account;
use crate::columnar::ParquetInput;
use crate::csv::CsvInput;
use crate::decide::{self, Surveyed};
use crate::error::{Error, Result};
use crate::findings::{EXAMPLES, Finding, Findings, REJECTS};
use crate::format;
use crate::input::{Early, Input, Rows, Step};
use crate::json::JsonInput;
use crate::names;
use crate::nulls::NullWords;
use crate::number::Mark;
use crate::options::{Format, Options};
use crate::part::Part;
use crate::plan::{ColumnPlan, Kind};
use crate::progress::Meter;
use crate::report::{Deviation, ProcessingResult, Rejected};
use crate::rows::RowHashes;
use crate::sink::Sink;
use crate::source::{Scratch, Source};

/// The part of the work that looking at every cell is.
const SURVEY: f64 = 0.4;
/// The same where the rows are read on the way.
const SINGLE: f64 = 0.9;

/// Makes one typed Parquet table of `sources` at `output`, and tells everything about it.
pub fn process(
    sources: &[PathBuf],
    output: &Path,
    options: &Options,
    meter: &mut Meter<'_>,
) -> Result<ProcessingResult> {
    let threads = options.threads.unwrap_or(0);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| Error::Failed(format!("no threads could be started: {error}")))?;
    pool.install(|| Work { output, options, meter }.run(sources))
}

struct Work<'w, 'm> {
    output: &'w Path,
    options: &'w Options,
    meter: &'w mut Meter<'m>,
}

/// A source with the place of each of the table's columns in it.
struct Placed {
    input: Input,
    places: Vec<Option<usize>>,
}

impl Work<'_, '_> {
    fn run(mut self, sources: &[PathBuf]) -> Result<ProcessingResult> {
        let started = Instant::now();
        let scratch = Scratch::new(self.options.temp_dir.as_deref(), self.output);
        let words = NullWords::new(self.options.nulls.as_deref());
        let inputs: Result<Vec<Input>> =
            sources.iter().map(|path| self.open(path, sources.len() > 1, &words, &scratch)).collect();
        let mut inputs = inputs?;
        if inputs.is_empty() {
            return Err(Error::EmptySource("no source was given".to_owned()));
        }
        let text = inputs.iter().all(|input| matches!(input, Input::Csv(_)));
        let decimal = self.options.asked.decimal.filter(|_| text);
        let mut early = Guess {
            output: self.output,
            memory: self.options.memory(),
            scratch: &scratch,
            words: &words,
            decimal,
            plans: Vec::new(),
            sink: None,
        };
        let surveyed = match &mut inputs[..] {
            [input] => {
                let mut step = Step { meter: self.meter, from: 0.0, to: SINGLE };
                vec![input.survey_early(&mut step, &mut early)?]
            }
            several => self.survey(several)?,
        };
        let (columns, mut placed) = join(inputs, surveyed);
        let plans = decide::plans(&columns, &words, decimal);
        let (mut result, part) = match early.held(&plans) {
            Some(sink) => account::of(sink, &plans, self.options.memory())?,
            None => self.write(&plans, &placed, scratch)?,
        };
        for source in &mut placed {
            let findings = source.input.findings();
            tell(&mut result, findings, source, &plans)?;
        }
        count_notes(&mut result);
        result.dialect = placed[0].input.dialect();
        part.publish()?;
        self.meter.finish(result.row_count)?;
        result.output_path = self.output.to_string_lossy().into_owned();
        result.processing_time_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(result)
    }

    fn open(&self, path: &Path, several: bool, words: &NullWords, scratch: &Scratch) -> Result<Input> {
        let source = Source::open(path)?.in_blocks(self.options.block_size);
        match format::detect(&source, self.options.format)? {
            Format::Parquet => Ok(Input::Parquet(ParquetInput::open(source, several)?)),
            Format::Json => {
                Ok(Input::Json(JsonInput::open(source.in_order(), &self.options.asked, words, scratch)?))
            }
            Format::Csv => {
                Ok(Input::Csv(CsvInput::open(source.in_order(), &self.options.asked, words, scratch)?))
            }
        }
    }

    fn survey(&mut self, inputs: &mut [Input]) -> Result<Vec<Vec<Surveyed>>> {
        let share = SURVEY / inputs.len() as f64;
        let mut surveyed = Vec::with_capacity(inputs.len());
        for (at, input) in inputs.iter_mut().enumerate() {
            let from = share * at as f64;
            let mut step = Step { meter: self.meter, from, to: from + share };
            surveyed.push(input.survey(&mut step)?);
        }
        Ok(surveyed)
    }

    fn write(
        &mut self,
        plans: &[ColumnPlan],
        placed: &[Placed],
        scratch: Scratch,
    ) -> Result<(ProcessingResult, Part)> {
        let memory = self.options.memory();
        let mut sink = opened(self.output, plans, memory, scratch)?;
        let share = (1.0 - SURVEY) / placed.len() as f64;
        for (at, source) in placed.iter().enumerate() {
            let from = SURVEY + share * at as f64;
            let meter = &mut *self.meter;
            source.input.read(plans, &source.places, &mut |rows| {
                sink.push(&rows)?;
                meter.advance((from + share * rows.fraction).min(0.99), sink.rows())
            })?;
        }
        account::of(sink, plans, memory)
    }
}

fn opened(output: &Path, plans: &[ColumnPlan], memory: usize, scratch: Scratch) -> Result<Sink> {
    let (part, out) = Part::create(output)?;
    Sink::new(plans, part, out, RowHashes::new(memory / 8, scratch), memory * 3 / 8)
}

/// A table written under types guessed from the first block, while the rest is still surveyed.
struct Guess<'w> {
    output: &'w Path,
    memory: usize,
    scratch: &'w Scratch,
    words: &'w NullWords,
    decimal: Option<Mark>,
    plans: Vec<ColumnPlan>,
    sink: Option<Sink>,
}

impl Guess<'_> {
    /// The table, if the guess was right in every column.
    fn held(self, plans: &[ColumnPlan]) -> Option<Sink> {
        let right = |(guess, plan): (&ColumnPlan, &ColumnPlan)| {
            guess.kind == plan.kind && (plan.kind != Kind::Text || guess.nulls == plan.nulls)
        };
        let held = self.plans.len() == plans.len() && self.plans.iter().zip(plans).all(right);
        self.sink.filter(|_| held)
    }
}

impl Early for Guess<'_> {
    fn begin(&mut self, columns: &[Surveyed]) -> Result<Vec<ColumnPlan>> {
        self.plans = decide::plans(columns, self.words, self.decimal);
        self.sink = Some(opened(self.output, &self.plans, self.memory, self.scratch.clone())?);
        Ok(self.plans.clone())
    }

    fn take(&mut self, rows: &Rows) -> Result<()> {
        self.sink.as_mut().map_or(Ok(()), |sink| sink.push(rows))
    }

    fn give_up(&mut self) {
        self.sink = None;
    }
}

/// One list of columns for all sources: the same name is the same column.
fn join(inputs: Vec<Input>, surveyed: Vec<Vec<Surveyed>>) -> (Vec<Surveyed>, Vec<Placed>) {
    let mut columns: Vec<Surveyed> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut found = Vec::with_capacity(inputs.len());
    for source in surveyed {
        let mut mine = Vec::with_capacity(source.len());
        for column in source {
            let place = *places.entry(names::fold(&column.name)).or_insert(columns.len());
            match columns.get_mut(place) {
                Some(known) => known.evidence.join(&column.evidence),
                None => columns.push(column),
            }
            mine.push(place);
        }
        found.push(mine);
    }
    let placed = inputs
        .into_iter()
        .zip(found)
        .map(|(input, mine)| {
            let mut places = vec![None; columns.len()];
            for (place, column) in mine.into_iter().enumerate() {
                places[column] = Some(place);
            }
            Placed { input, places }
        })
        .collect();
    (columns, placed)
}

/// Puts the findings of a source into the result, with line numbers and column names.
fn tell(
    result: &mut ProcessingResult,
    mut findings: Findings,
    source: &Placed,
    plans: &[ColumnPlan],
) -> Result<()> {
    for (kind, times) in &findings.counts {
        *result.deviation_counts.entry((*kind).to_owned()).or_default() += times;
    }
    result.rejected_rows += findings.rejected_count;
    let by_place = |finding: &Finding| finding.offset;
    findings.examples.sort_by_key(by_place);
    findings.rejected.sort_by_key(by_place);
    let lines = source.input.lines(&findings.examples.iter().map(by_place).collect::<Vec<_>>())?;
    let room = EXAMPLES.saturating_sub(result.deviations.len());
    for (finding, line) in findings.examples.into_iter().zip(lines).take(room) {
        let column = finding.column.and_then(|at| source.places.iter().position(|&place| place == Some(at)));
        result.deviations.push(Deviation {
            kind: finding.kind,
            line,
            column: column.map(|at| plans[at].name.clone()),
            raw: finding.raw,
            reason: finding.reason,
        });
    }
    let lines = source.input.lines(&findings.rejected.iter().map(by_place).collect::<Vec<_>>())?;
    let room = REJECTS.saturating_sub(result.rejected.len());
    for (finding, line) in findings.rejected.into_iter().zip(lines).take(room) {
        result.rejected.push(Rejected { line, raw: finding.raw, reason: finding.reason });
    }
    Ok(())
}

/// Every remark about a column is a deviation too, so that nothing is silent.
fn count_notes(result: &mut ProcessingResult) {
    let remarked = result.columns.iter().map(|column| column.notes.len() as u64).sum::<u64>();
    if remarked > 0 {
        result.deviation_counts.insert("column_note".to_owned(), remarked);
    }
}
