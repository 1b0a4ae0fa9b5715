//! Numbers as JSON spells them.

use crate::json::plain::number_end;
use crate::simple::{self, Simple};

/// The end of the number that begins at a byte, and the number where its spelling is a frequent one; nothing where JSON
/// has no such number.
pub fn any(bytes: &[u8], at: usize) -> Option<(usize, Option<Simple>)> {
    let end = number_end(bytes, at)?;
    Some((end, simple::number_before(&bytes[at..], end - at)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sweep;

    fn read(bytes: &[u8], at: usize) -> Option<(usize, Option<Simple>)> {
        let known = any(bytes, at);
        if let Some((end, number)) = sweep::number(bytes, at) {
            assert_eq!(known, Some((end, Some(number))), "{:?}", String::from_utf8_lossy(bytes));
        }
        known
    }

    #[test]
    fn numbers_are_those_that_are_read_once_their_end_is_known() {
        let letters = b"0123456789012345678901234567890123456789..-+eE ,}";
        let (mut state, mut read_at_once) = (3_u64, 0);
        let mut draw = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        for _ in 0..400_000 {
            let reach = if draw(2) == 0 { letters.len() } else { 41 };
            let mut text: Vec<u8> = (0..=draw(24)).map(|_| letters[draw(reach)]).collect();
            text.extend_from_slice(&b",\"next\": 1234567890.25, \"then\": 7}"[draw(35)..]);
            let at = draw(2);
            let known = number_end(&text, at).map(|end| (end, simple::number(&text[at..end])));
            assert_eq!(read(&text, at), known, "{:?} from {at}", String::from_utf8_lossy(&text));
            read_at_once += usize::from(sweep::number(&text, at).is_some());
        }
        assert!(read_at_once > 50_000, "{read_at_once}");
    }

    #[test]
    fn numbers_of_every_length_are_read_wherever_their_point_stands() {
        for length in 1..30_usize {
            for point in 0..length {
                let digits: String = (0..length).map(|at| char::from(b'1' + (at * 7 % 9) as u8)).collect();
                let (whole, part) = digits.split_at(point);
                let text = if point == 0 { format!("-{part}") } else { format!("{whole}.{part}") };
                for behind in ["", "}", "e5,", ", \"and what follows\": \"in the same record\"}"] {
                    let onward = format!("{text}{behind}");
                    let end = text.len() + if behind == "e5," { 2 } else { 0 };
                    let known = simple::number(&onward.as_bytes()[..end]);
                    assert_eq!(read(onward.as_bytes(), 0), Some((end, known)), "{onward}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "-", "01", "-00", "1.", "1.e5", "1e", "1e+", ".5", "+1", "x", "--1"] {
            for behind in ["", ", \"and what follows\": \"in the same record\"}"] {
                assert_eq!(read(format!("{text}{behind}").as_bytes(), 0), None, "{text}{behind}");
            }
        }
    }
}
