use std::os::unix::fs::FileExt;

use super::*;

/// A file of so many bytes, most of them nowhere on the disk, with a word at each of these places.
fn holed(size: u64, places: &[u64]) -> Source {
    let file = Scratch::new(Some(&std::env::temp_dir()), Path::new("out")).file().unwrap();
    file.set_len(size).unwrap();
    for &place in places {
        file.write_all_at(format!("at {place:12}").as_bytes(), place).unwrap();
    }
    Source { label: "holed".to_owned(), file, start: 0, end: size, block: BLOCK, gone: None }
}

fn gone(source: &Source) -> Option<u64> {
    source.gone.as_ref().map(|gone| gone.load(Ordering::Relaxed))
}

#[test]
fn a_large_source_is_let_go_behind_the_place_of_reading() {
    let places = [0, NEAR, 2 * NEAR, 3 * NEAR - 5, cached::LARGE - 15];
    let source = holed(cached::LARGE, &places).in_order();
    let word = |place: u64| String::from_utf8(source.read(place, place + 15).unwrap()).unwrap();
    for (place, until) in places.into_iter().zip([0, 0, NEAR, NEAR, cached::LARGE - 15 - NEAR]) {
        assert_eq!(word(place), format!("at {place:12}"));
        assert_eq!(gone(&source), Some(until));
    }
    // Going back, as a second reading does, finds the same and lets go anew.
    assert_eq!(word(0), format!("at {:12}", 0));
    assert_eq!(gone(&source), Some(0));
    assert_eq!(word(2 * NEAR), format!("at {:12}", 2 * NEAR));
    assert_eq!(gone(&source), Some(NEAR));
}

#[test]
fn a_source_that_others_may_want_at_once_stays() {
    let small = holed(cached::LARGE - 1, &[]).in_order();
    assert_eq!((small.read(NEAR * 4, NEAR * 4 + 1).unwrap(), gone(&small)), (vec![0], None));
    let large = holed(cached::LARGE, &[]);
    assert_eq!((large.read(NEAR * 4, NEAR * 4 + 1).unwrap(), gone(&large)), (vec![0], None));
    assert_eq!(gone(&large.in_order().whole().unwrap()), None);
}
