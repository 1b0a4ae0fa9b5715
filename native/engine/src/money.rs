//! Which columns are money by their name.

/// Words for money in the languages met most often; compared in lower case.
const WORDS: &[&str] = &[
    "price",
    "amount",
    "cost",
    "total",
    "revenue",
    "fee",
    "tax",
    "salary",
    "balance", //
    "preis",
    "betrag",
    "kosten",
    "summe",
    "umsatz",
    "gebühr",
    "steuer",
    "gehalt",
    "saldo", //
    "prix",
    "montant",
    "coût",
    "cout",
    "revenu",
    "frais",
    "taxe",
    "salaire", //
    "precio",
    "importe",
    "coste",
    "costo",
    "ingreso",
    "tarifa",
    "impuesto",
    "salario", //
    "prezzo",
    "importo",
    "totale",
    "ricavo",
    "tassa",
    "stipendio", //
    "preço",
    "custo",
    "receita",
    "imposto", //
    "prijs",
    "bedrag",
    "omzet",
    "belasting",
    "salaris",
];

/// The word of `name` that says money, in snake, camel or spaced spelling, singular or plural.
#[must_use]
pub fn word(name: &str) -> Option<String> {
    words(name).into_iter().find(|word| {
        let stems =
            [word.as_str(), word.strip_suffix('s').unwrap_or(word), word.strip_suffix("es").unwrap_or(word)];
        let plural = word.strip_suffix("ies").map(|stem| format!("{stem}y"));
        WORDS.iter().any(|&known| stems.contains(&known) || plural.as_deref() == Some(known))
    })
}

fn words(name: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let letters: Vec<char> = name.chars().collect();
    for (at, &letter) in letters.iter().enumerate() {
        if !letter.is_alphabetic() {
            found.push(String::new());
            continue;
        }
        let before = at.checked_sub(1).map(|at| letters[at]);
        let after = letters.get(at + 1);
        let rises = letter.is_uppercase() && before.is_some_and(char::is_lowercase);
        let ends_capitals = letter.is_uppercase()
            && before.is_some_and(char::is_uppercase)
            && after.is_some_and(|next| next.is_lowercase());
        if rises || ends_capitals {
            found.push(String::new());
        }
        if let Some(last) = found.last_mut() {
            last.extend(letter.to_lowercase());
        }
    }
    found.retain(|word| !word.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_words_are_found_in_every_spelling() {
        for name in [
            "UnitPrice",
            "unit_price",
            "Unit Price",
            "TOTAL",
            "salesTAX",
            "VATAmount",
            "fees",
            "Salaries",
            "taxes",
            "price2",
        ] {
            assert!(word(name).is_some(), "{name}");
        }
    }

    #[test]
    fn words_inside_words_do_not_count() {
        for name in ["Quantity", "coffee", "syntax", "priceless", "subtotalled", "taxi", "costume", ""] {
            assert_eq!(word(name), None, "{name}");
        }
    }
}
