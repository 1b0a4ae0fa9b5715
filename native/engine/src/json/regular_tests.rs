use super::*;
use crate::csv::blocks::Block;
use crate::json::records::Layout;
use crate::json::slots::Slot;

/// What a table tells of all of its records, as they are read by stretches; regular ones in their own way or not.
fn told(text: &str, layout: Layout, most: usize, is_regular: bool) -> (String, usize) {
    let block = Block { offset: 7, bytes: text.as_bytes().to_vec(), may_quote: true };
    let mut table = Table::new(&block, text, layout);
    let (mut all, mut regular) = (Vec::new(), 0);
    while {
        let known = table.pace.pause;
        if !is_regular {
            table.pace.pause = u32::MAX;
        }
        let more = table.read_on(most);
        regular += usize::from(is_regular && known == 0 && table.pace.pause == 0);
        more
    } {
        for place in 0..table.keys.len() {
            let shown = |slot: &Slot| (slot.kind(), slot.from(), slot.length(), slot.number());
            all.push(format!("{:?}", table.column(place).map(|slot| slot.map(shown)).collect::<Vec<_>>()));
        }
        all.push(format!("{:?} {:?} {:?}", table.starts, table.keys, table.rare));
    }
    all.push(format!("{:?} {}", table.findings.counts, table.findings.rejected_count));
    (all.concat(), regular)
}

#[test]
fn regular_records_are_read_as_all_others_are() {
    let values =
        ["1", "-2.50", "12345678.5", "\"x\"", "\"a longer text than eight\"", "null", "true", "false"];
    let odd = ["\"\\n\"", "[1, 2]", "{\"c\":\"}\"}", "1e5", " 7", "", "01", "\"", "\"\u{e9}\"", "nul", "7 "];
    let mut state = 5_u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut regular = 0;
    for round in 0..600 {
        let (keys, oddity) = (1 + draw(5), 1 + draw(60));
        let mut lines = Vec::new();
        for _ in 0..draw(40) {
            let mut parts: Vec<String> = (0..keys)
                .map(|key| {
                    let is_odd = draw(oddity) == 0 && round % 3 > 0;
                    let value = if is_odd { odd[draw(odd.len())] } else { values[draw(values.len())] };
                    format!("\"{}key\":{value}", key % 4)
                })
                .collect();
            match draw(oddity * 4) {
                0 => drop(parts.pop()),
                1 => parts.reverse(),
                2 => parts.push("\"more\":0".to_owned()),
                3 => parts.push(String::new()),
                _ => {}
            }
            let comma = if draw(oddity * 4) == 0 { " , " } else { "," };
            let end = ["}", "}", "}", "} ", " }", "}}", ""][if draw(oddity) == 0 { draw(7) } else { 0 }];
            lines.push(format!("{{{}{end}\n", parts.join(comma)));
        }
        let text = lines.concat();
        for layout in [Layout::Lines, Layout::Stream] {
            let most = 1 + draw(30);
            let (known, _) = told(&text, layout, most, false);
            let (read, went) = told(&text, layout, most, true);
            assert_eq!(read, known, "{text}");
            regular += went;
        }
    }
    assert!(regular > 300, "{regular}");
}

#[test]
fn tries_in_vain_are_made_ever_more_seldom() {
    let mut pace = Pace::default();
    let mut tries = 0;
    for _ in 0..10_000 {
        if pace.is_due() {
            tries += 1;
            pace.note(false);
        }
    }
    assert!((150..170).contains(&tries), "{tries}");
    pace.pause = 0;
    pace.note(true);
    assert!(pace.is_due() && pace.is_due());
}
