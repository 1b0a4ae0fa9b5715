//! Column names: safe for Delta, `DuckDB` and Spark, unique under NFC and casefold.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

/// Characters that Delta refuses in a column name.
const REFUSED: &[char] = &[' ', ',', ';', '{', '}', '(', ')', '\n', '\t', '=', '\r', '\0'];

/// The form under which two names are the same.
#[must_use]
pub fn fold(name: &str) -> String {
    let cased: String = name.nfc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    cased.nfc().collect()
}

/// Unique names for `labels`; an empty label at position n becomes `column_n`.
#[must_use]
pub fn unique(labels: &[String]) -> Vec<String> {
    let mut taken = HashSet::with_capacity(labels.len());
    let firsts: HashSet<String> =
        labels.iter().enumerate().map(|(at, label)| fold(&clean(label, at))).collect();
    labels
        .iter()
        .enumerate()
        .map(|(at, label)| {
            let name = clean(label, at);
            if taken.insert(fold(&name)) {
                return name;
            }
            numbered(&name, &firsts, &mut taken)
        })
        .collect()
}

fn clean(label: &str, at: usize) -> String {
    let mut name = String::with_capacity(label.len());
    for character in label.trim().nfc() {
        let kept = if REFUSED.contains(&character) || character.is_control() { '_' } else { character };
        if !(kept == '_' && name.ends_with('_')) {
            name.push(kept);
        }
    }
    if name.is_empty() { format!("column_{}", at + 1) } else { name }
}

fn numbered(name: &str, firsts: &HashSet<String>, taken: &mut HashSet<String>) -> String {
    let stem = name.trim_end_matches('_');
    let mut number = 2_u64;
    loop {
        let candidate = format!("{stem}_{number}");
        let folded = fold(&candidate);
        if !firsts.contains(&folded) && taken.insert(folded) {
            return candidate;
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(labels: &[&str]) -> Vec<String> {
        unique(&labels.iter().map(|&label| label.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn refused_characters_become_one_underscore() {
        assert_eq!(of(&["Unit Price (net)", "a__b", "x=\ty"]), ["Unit_Price_net_", "a_b", "x_y"]);
    }

    #[test]
    fn twins_are_numbered_and_never_take_a_name_that_is_there() {
        assert_eq!(of(&["a", "b", "a", "A", "b"]), ["a", "b", "a_2", "A_3", "b_2"]);
        assert_eq!(of(&["a", "a", "a_2"]), ["a", "a_3", "a_2"]);
        assert_eq!(of(&["Straße", "STRASSE"]), ["Straße", "STRASSE_2"]);
    }

    #[test]
    fn an_empty_header_is_named_by_its_place() {
        assert_eq!(of(&["id", "", "  "]), ["id", "column_2", "column_3"]);
    }

    #[test]
    fn composed_and_decomposed_letters_are_twins() {
        assert_eq!(of(&["é", "e\u{301}"]), ["é", "é_2"]);
    }
}
