use super::*;

fn noted(times: usize) -> Findings {
    let mut findings = Findings::default();
    for offset in 0..times {
        findings.note("kind", offset as u64, None, || ("raw".to_owned(), "reason".to_owned()));
    }
    findings
}

#[test]
fn everything_is_counted_and_the_first_examples_are_kept() {
    let mut findings = noted(600);
    findings.absorb(noted(600));
    findings.count("kind", 3);
    assert_eq!((findings.counts["kind"], findings.examples.len()), (1_203, EXAMPLES));
}

#[test]
fn rejected_rows_are_counted_beyond_those_that_are_kept() {
    let mut findings = Findings::default();
    for offset in 0..REJECTS as u64 + 5 {
        findings.reject("bad_bytes", offset, String::new(), "reason");
    }
    assert_eq!(findings.rejected_count, REJECTS as u64 + 5);
    assert_eq!((findings.rejected.len(), findings.counts["bad_bytes"]), (REJECTS, REJECTS as u64 + 5));
}

#[test]
fn excerpts_are_bearable_and_honest() {
    assert_eq!(excerpt(b"short"), "short");
    assert_eq!(excerpt(b"a\xFFb"), "a\u{fffd}b");
    let long = excerpt("é".repeat(5_000).as_bytes());
    assert_eq!((long.chars().count(), long.chars().last()), (501, Some('…')));
}
