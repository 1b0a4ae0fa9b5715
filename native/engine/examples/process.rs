//! One run over a file, for timers and profilers: `process SOURCE OUTPUT [THREADS]`.

use std::path::PathBuf;

use lakebook_engine::{Meter, Options, Result, process};

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let place = |at: usize| PathBuf::from(words.get(at).map_or("", String::as_str));
    let threads = words.get(2).and_then(|count| count.parse().ok());
    let options = Options { threads, ..Options::default() };
    let result = process(&[place(0)], &place(1), &options, &mut Meter::new(None))?;
    println!("{} rows, {} ms, {result:?}", result.row_count, result.processing_time_ms);
    Ok(())
}
