//! Line ends, line breaks inside cells and NUL bytes: nothing that changes a value, and nothing to be silent about.

use memchr::{memchr, memchr_iter};

use crate::csv::blocks::Block;
use crate::csv::records::{Marks, Records};
use crate::csv::text::raw;
use crate::findings::{Findings, excerpt};

/// Lines by how they end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LineEnds {
    pub with_return: u64,
    pub without: u64,
}

impl LineEnds {
    /// How the records of a block end; the last one of a source may not end at all.
    #[must_use]
    pub fn of(bytes: &[u8], records: &Records, marks: Marks) -> Self {
        let mut found = Self::default();
        if marks.line_end != b'\n' {
            return found;
        }
        let next = |record: usize| records.starts.get(record + 1).map_or(bytes.len(), |&at| at as usize);
        // Behind a row there may be blank lines, which end as they like.
        let own = |record: usize| {
            let from = records.text_end(record);
            memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |found| from + found + 1)
        };
        for record in 0..records.count() {
            let end = if records.blank_lines == 0 { next(record) } else { own(record) };
            match bytes[..end] {
                [.., b'\r', b'\n'] => found.with_return += 1,
                [.., b'\n'] => found.without += 1,
                _ => {}
            }
        }
        found
    }

    /// Adds those of a later block.
    pub fn add(&mut self, later: Self) {
        self.with_return += later.with_return;
        self.without += later.without;
    }

    /// Notes that both kinds are there.
    pub fn remark(self, findings: &mut Findings) {
        let Self { with_return, without } = self;
        if with_return > 0 && without > 0 {
            findings.note("mixed_line_ends", 0, None, || {
                (String::new(), format!("{with_return} rows end with CR LF, {without} with LF alone"))
            });
        }
    }
}

/// Counts line breaks inside quoted cells, and NUL bytes; the first of each in a block is shown.
pub fn remark(findings: &mut Findings, block: &Block, records: &Records, marks: Marks) {
    let breaks: Vec<usize> = if records.has_quotes {
        (0..records.count()).filter(|&record| breaks_inside(block, records, record, marks)).collect()
    } else {
        Vec::new()
    };
    let first_nul = memchr(0, &block.bytes);
    let nuls = first_nul.map_or(0, |from| memchr_iter(0, &block.bytes[from..]).count() as u64);
    let holding =
        first_nul.map(|at| records.starts.partition_point(|&start| start as usize <= at).saturating_sub(1));
    for (kind, times, first, reason) in [
        (
            "line_break_in_cell",
            breaks.len() as u64,
            breaks.first().copied(),
            "a quoted cell goes over several lines",
        ),
        ("nul_byte", nuls, holding, "NUL bytes are kept as they stand"),
    ] {
        let Some(record) = first.filter(|&record| record < records.count()) else { continue };
        let offset = block.offset + u64::from(records.starts[record]);
        findings
            .note(kind, offset, None, || (excerpt(raw(&block.bytes, records, record)), reason.to_owned()));
        findings.count(kind, times - 1);
    }
}

fn breaks_inside(block: &Block, records: &Records, record: usize, marks: Marks) -> bool {
    let inner = |cell: &crate::csv::records::Span| {
        cell.quoted() && memchr(marks.line_end, cell.bytes(&block.bytes)).is_some()
    };
    records.cells(record).iter().any(inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv::records::split;

    const MARKS: Marks = Marks { delimiter: b',', quote: Some(b'"'), escape: None, line_end: b'\n' };

    fn told(text: &str) -> (Findings, LineEnds) {
        let block = Block { offset: 0, bytes: text.as_bytes().to_vec(), may_quote: true };
        let records = split(&block.bytes, MARKS, usize::MAX);
        let mut findings = Findings::default();
        remark(&mut findings, &block, &records, MARKS);
        let ends = LineEnds::of(&block.bytes, &records, MARKS);
        ends.remark(&mut findings);
        (findings, ends)
    }

    #[test]
    fn both_line_ends_in_one_source_are_said() {
        let (findings, ends) = told("1,2\r\n3,4\n5,6\r\n7,8");
        assert_eq!(ends, LineEnds { with_return: 2, without: 1 });
        assert_eq!(findings.counts["mixed_line_ends"], 1);
        assert_eq!(findings.examples[0].reason, "2 rows end with CR LF, 1 with LF alone");
        assert!(told("1,2\n3,4\n").0.counts.is_empty());
        assert!(told("1,2\r\n3,4\r\n").0.counts.is_empty());
        assert_eq!(told("1,2\r\n\n3,\"4\" \r\n\n\n").1, LineEnds { with_return: 2, without: 0 });
    }

    #[test]
    fn line_breaks_in_cells_and_nul_bytes_are_counted() {
        let (findings, _) = told("1,\"a\nb\"\n2,\"c\"\n3,\"d\n\ne\"\n4,x\0\0y\n");
        assert_eq!((findings.counts["line_break_in_cell"], findings.counts["nul_byte"]), (2, 2));
        let raws: Vec<&str> = findings.examples.iter().map(|example| example.raw.as_str()).collect();
        assert_eq!(raws, ["1,\"a\nb\"", "4,x\0\0y"]);
    }
}
