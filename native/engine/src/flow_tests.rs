use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::*;

/// What is done with numbers up to `count`: which were taken, and how many were under way at most.
struct Run {
    outcome: Result<()>,
    taken: Vec<usize>,
    most: usize,
}

fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
}

/// Something that takes a while, so that blocks overtake each other.
fn toil(number: usize) -> usize {
    (0..(number * 7_919 % 13) * 2_000).fold(number, |sum, at| std::hint::black_box(sum + at % 2) - at % 2)
}

fn run_on(
    threads: usize,
    cut: impl Fn(usize) -> Result<Option<usize>> + Sync,
    take: impl Fn(usize) -> Result<()> + Sync,
) -> Run {
    let (under_way, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (mut next, mut taken) = (0, Vec::new());
    let outcome = pool(threads).install(|| {
        run(
            |_| {
                let found = cut(next)?;
                next += 1;
                if found.is_some() {
                    most.fetch_max(under_way.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                }
                Ok(found)
            },
            |&number| toil(number),
            |number| {
                // Taking spreads over the threads while they look at other blocks.
                (0..8).into_par_iter().with_max_len(1).for_each(|at| assert_eq!(toil(at), at));
                take(number)?;
                under_way.fetch_sub(1, Ordering::SeqCst);
                taken.push(number);
                Ok(())
            },
        )
    });
    Run { outcome, taken, most: most.into_inner() }
}

fn up_to(count: usize) -> impl Fn(usize) -> Result<Option<usize>> + Sync {
    move |number| Ok((number < count).then_some(number))
}

#[test]
fn blocks_are_taken_in_order_and_few_are_under_way() {
    for threads in [1, 2, 3, 8] {
        for count in [0, 1, 2, 200] {
            let run = run_on(threads, up_to(count), |_| Ok(()));
            assert_eq!(run.outcome, Ok(()));
            assert_eq!(run.taken, (0..count).collect::<Vec<_>>(), "{threads} threads");
            assert!(run.most <= threads + AHEAD, "{} blocks at once on {threads} threads", run.most);
        }
    }
}

#[test]
fn an_error_of_taking_ends_the_work_at_once() {
    for threads in [1, 2, 4] {
        let run =
            run_on(
                threads,
                up_to(usize::MAX),
                |number| if number == 20 { Err(Error::Cancelled) } else { Ok(()) },
            );
        assert_eq!(run.outcome, Err(Error::Cancelled));
        assert_eq!(run.taken, (0..20).collect::<Vec<_>>());
    }
}

#[test]
fn an_error_of_cutting_comes_when_all_before_it_is_taken() {
    let cut = |number| if number == 20 { Err(Error::Failed("torn".to_owned())) } else { Ok(Some(number)) };
    for threads in [1, 2, 4] {
        let run = run_on(threads, cut, |_| Ok(()));
        assert_eq!(run.outcome, Err(Error::Failed("torn".to_owned())));
        assert_eq!(run.taken, (0..20).collect::<Vec<_>>());
        // What is taken before may fail too: that came first.
        let run = run_on(threads, cut, |number| if number == 19 { Err(Error::Cancelled) } else { Ok(()) });
        assert_eq!(run.outcome, Err(Error::Cancelled));
    }
}

#[test]
fn a_panic_anywhere_ends_the_work_with_that_panic() {
    let panics = |threads: usize, wrong: &'static str| {
        let caught = catch_unwind(|| {
            let mut next = 0;
            let fails = |stage, number: usize| assert!(number != 9 || stage != wrong, "wrong in {stage}");
            pool(threads).install(|| {
                run(
                    |_: &mut Vec<usize>| {
                        next += 1;
                        fails("cut", next);
                        Ok(Some(next))
                    },
                    |&number| {
                        fails("look", number);
                        number
                    },
                    |number| {
                        fails("take", number);
                        Ok(())
                    },
                )
            })
        });
        *caught.unwrap_err().downcast::<String>().unwrap()
    };
    for threads in [1, 2, 4] {
        for stage in ["cut", "look", "take"] {
            assert_eq!(panics(threads, stage), format!("wrong in {stage}"));
        }
    }
}

#[test]
fn memory_of_blocks_that_were_looked_at_serves_again() {
    let (mut made, mut left) = (0, 50);
    let cut = |spare: &mut Vec<Vec<u8>>| {
        if left == 0 {
            return Ok(None);
        }
        left -= 1;
        Ok(Some(spare.pop().unwrap_or_else(|| {
            made += 1;
            vec![0; 10]
        })))
    };
    let mut lengths = Vec::new();
    let take = |length| {
        lengths.push(length);
        Ok(())
    };
    pool(1).install(|| run(cut, Vec::len, take)).unwrap();
    assert_eq!((made, lengths), (1, vec![10; 50]));
}
