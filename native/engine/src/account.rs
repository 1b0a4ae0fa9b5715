//! What is told of a table once all of its rows are written.

use std::sync::Mutex;

use rayon::prelude::*;

use crate::error::Result;
use crate::line::Line;
use crate::part::Part;
use crate::plan::ColumnPlan;
use crate::profile::Profile;
use crate::report::{ColumnReport, ProcessingResult};
use crate::sink::Sink;
use crate::written;

/// The table as far as its rows tell, and the file to publish.
pub fn of(sink: Sink, plans: &[ColumnPlan], memory: usize) -> Result<(ProcessingResult, Part)> {
    let row_count = sink.rows();
    let (profiles, hashes, part) = sink.finish()?;
    part.settle();
    let seed = hashes.seed();
    let (duplicates, columns) = rayon::join(
        || hashes.duplicates(memory / 4, || part.reopen()),
        || reports(profiles, plans, &part, seed),
    );
    let (duplicates, columns) = (duplicates?, columns?);
    let result = ProcessingResult {
        row_count,
        column_count: plans.len() as u64,
        duplicate_rows: duplicates.rows,
        duplicate_groups: duplicates.groups,
        columns,
        ..ProcessingResult::default()
    };
    Ok((result, part))
}

/// The reports of the columns, one on each thread at a time: each frees its memory before the next one needs some.
fn reports(
    profiles: Vec<Profile>,
    plans: &[ColumnPlan],
    part: &Part,
    seed: u64,
) -> Result<Vec<ColumnReport>> {
    let spare: Mutex<Vec<Line>> = Mutex::default();
    profiles
        .into_par_iter()
        .zip(plans)
        .enumerate()
        .with_max_len(1)
        .map(|(at, (profile, plan))| {
            let known = spare.lock().ok().and_then(|mut spare| spare.pop());
            let mut line = known.unwrap_or_default();
            let report =
                profile.report(plan, &mut line, &|take| written::texts(part.reopen()?, at, seed, take));
            if let Ok(mut spare) = spare.lock() {
                spare.push(line);
            }
            report
        })
        .collect()
}
