//! From the evidence of a whole source to the type of each column.

use std::collections::BTreeSet;

use arrow_schema::DataType;

use crate::counts::Numbers;
use crate::evidence::Evidence;
use crate::moment::{self, Order};
use crate::money;
use crate::nulls::{self, NullWords};
use crate::number::Mark;
use crate::plan::{ColumnPlan, Kind};

/// The most decimal places that money has.
const MONEY_PLACES: u16 = 4;

/// A column before its type is known.
#[derive(Debug, Clone)]
pub struct Surveyed {
    pub name: String,
    pub label: String,
    pub evidence: Evidence,
}

/// What the columns of one table tell about each other.
struct Neighbours {
    comma: bool,
    order: Option<Order>,
    asked: Option<Mark>,
}

/// The plan of every column; types first, then what is null in the text columns.
#[must_use]
pub fn plans(columns: &[Surveyed], words: &NullWords, decimal: Option<Mark>) -> Vec<ColumnPlan> {
    let neighbours = neighbours(columns, decimal);
    let mut plans: Vec<ColumnPlan> = columns.iter().map(|column| typed(column, &neighbours)).collect();
    if words.overridden() {
        for plan in &mut plans {
            plan.nulls = words.named();
        }
        return plans;
    }
    let mut null_somewhere = BTreeSet::new();
    for (column, plan) in columns.iter().zip(&mut plans) {
        let declared = column.evidence.native.is_some() && !column.evidence.mixed;
        if plan.kind != Kind::Text && !declared {
            plan.nulls = present(&column.evidence).map(|(word, _)| word.to_owned()).collect();
            null_somewhere.extend(plan.nulls.iter().cloned());
        }
    }
    for (column, plan) in columns.iter().zip(&mut plans).filter(|(_, plan)| plan.kind == Kind::Text) {
        for (word, times) in present(&column.evidence) {
            if null_somewhere.contains(word) {
                plan.nulls.push(word.to_owned());
                plan.notes
                    .push(format!("\"{word}\" counts as missing ({times} cells), as in a typed column"));
            } else {
                plan.notes.push(format!("\"{word}\" is kept as text ({times} cells)"));
            }
        }
    }
    plans
}

fn present(evidence: &Evidence) -> impl Iterator<Item = (&'static str, u64)> {
    nulls::WORDS.into_iter().zip(evidence.null_words).filter(|&(_, times)| times > 0)
}

fn neighbours(columns: &[Surveyed], decimal: Option<Mark>) -> Neighbours {
    let numeric = |evidence: &Evidence| evidence.text == 0 && evidence.numbers() > 0;
    let comma = columns.iter().any(|column| {
        let evidence = &column.evidence;
        numeric(evidence) && evidence.surely_comma > 0 && evidence.surely_point == 0
    });
    let order = columns.iter().find_map(|column| {
        let evidence = &column.evidence;
        match evidence.moments.orders {
            _ if evidence.text > 0 || evidence.moments.count() == 0 => None,
            moment::DAY_FIRST => Some(Order::DayMonth),
            moment::MONTH_FIRST => Some(Order::MonthDay),
            _ => None,
        }
    });
    Neighbours { comma: decimal.map_or(comma, |mark| mark == Mark::Comma), order, asked: decimal }
}

fn typed(column: &Surveyed, neighbours: &Neighbours) -> ColumnPlan {
    let evidence = &column.evidence;
    let mut plan = ColumnPlan {
        name: column.name.clone(),
        label: column.label.clone(),
        kind: Kind::Text,
        nulls: Vec::new(),
        money: None,
        notes: Vec::new(),
    };
    if let Some(declared) = &evidence.native
        && !evidence.mixed
    {
        plan.kind = Kind::Native(declared.clone());
        if matches!(declared, DataType::Float32 | DataType::Float64) && evidence.text == 0 {
            declared_money(evidence, &mut plan);
        }
        return plan;
    }
    let groups = [evidence.numbers(), evidence.truths(), evidence.moments.count(), evidence.composite];
    let met = groups.iter().filter(|&&count| count > 0).count();
    if evidence.text > 0 || met != 1 {
        remark_text(evidence, met, &mut plan);
    } else if evidence.numbers() > 0 {
        numeric(evidence, neighbours, &mut plan);
    } else if evidence.truths() > 0 {
        plan.kind = boolean(evidence);
    } else if evidence.moments.count() > 0 {
        temporal(evidence, neighbours, &mut plan);
    } else if evidence.composite > 0 {
        match evidence.shape.arrow() {
            Some(nested) if !evidence.mixed => plan.kind = Kind::Native(nested),
            _ => plan.notes.push("objects and lists of no regular shape are kept as JSON text".to_owned()),
        }
    }
    if plan.kind != Kind::Text && evidence.blank > 0 {
        plan.notes.push(format!("{} cells of nothing but blanks count as missing", evidence.blank));
    }
    plan
}

fn remark_text(evidence: &Evidence, met: usize, plan: &mut ColumnPlan) {
    let typed = evidence.numbers() + evidence.truths() + evidence.moments.count();
    if evidence.percent > 0 && evidence.percent == evidence.text {
        plan.notes.push("numeric-like: percentages are kept as text".to_owned());
    } else if evidence.text > 0 && typed > evidence.text {
        plan.notes.push(format!(
            "kept as text: {} of {} values are no other type",
            evidence.text,
            typed + evidence.text
        ));
    } else if met > 1 && evidence.text == 0 {
        plan.notes.push("kept as text: its values are of more than one type".to_owned());
    }
}

fn boolean(evidence: &Evidence) -> Kind {
    let families = evidence.truth.iter().filter(|&&count| count > 0).count();
    if families == 1 { Kind::Boolean } else { Kind::Text }
}

fn numeric(evidence: &Evidence, neighbours: &Neighbours, plan: &mut ColumnPlan) {
    if evidence.padded > 0 {
        plan.notes.push(format!("kept as text: {} values begin with a zero or a plus", evidence.padded));
        return;
    }
    if evidence.surely_comma > 0 && evidence.surely_point > 0 {
        plan.notes.push("kept as text: decimal points and decimal commas are mixed".to_owned());
        return;
    }
    if let Some(others) = neighbours.asked.and_then(|mark| evidence.unread(mark)) {
        plan.notes.push(others);
        return;
    }
    let undecided = evidence.comma.count > evidence.surely_comma;
    let comma = evidence.surely_comma > 0 || (neighbours.comma && undecided && evidence.surely_point == 0);
    let mark = if comma { Mark::Comma } else { Mark::Point };
    let mut numbers = evidence.shared.clone();
    numbers.merge(if comma { &evidence.comma } else { &evidence.point });
    if neighbours.asked.is_some() {
        return choose_number(evidence, &numbers, mark, plan);
    }
    if comma && evidence.surely_comma == 0 {
        plan.notes
            .push("commas and points were read as in another column, which has decimal commas".to_owned());
    } else if comma {
        plan.notes.push("decimal commas were read".to_owned());
    } else if undecided && evidence.point.count == evidence.comma.count && evidence.point.pointed == 0 {
        plan.notes.push("commas before three digits were read as thousands".to_owned());
    }
    choose_number(evidence, &numbers, mark, plan);
}

fn choose_number(evidence: &Evidence, numbers: &Numbers, mark: Mark, plan: &mut ColumnPlan) {
    let digits = numbers.max_whole + numbers.max_places;
    if numbers.special == numbers.count {
        return;
    }
    if numbers.oversized > 0 {
        plan.notes.push(format!(
            "kept as text: {} values have more digits than a whole number holds",
            numbers.oversized
        ));
        return;
    }
    if numbers.pointed == 0 && numbers.floating == 0 && evidence.currency == 0 {
        plan.kind = Kind::Whole(mark);
        return;
    }
    if let Some(reason) = money_reason(evidence, numbers, &plan.label) {
        plan.kind = Kind::Decimal { precision: precision(digits), scale: scale(numbers), mark };
        plan.money = Some(reason);
    } else if numbers.inexact == 0 {
        plan.kind = Kind::Double(mark);
        if evidence.rounded > 0 {
            plan.notes
                .push("values of more digits than a double holds are rounded to the nearest".to_owned());
        }
    } else if numbers.floating == 0 && digits <= 38 {
        plan.kind = Kind::Decimal { precision: 38, scale: scale(numbers), mark };
        plan.notes.push("decimal, because a double would not hold every digit".to_owned());
    } else {
        plan.notes.push("kept as text: no number type holds every digit".to_owned());
    }
}

fn precision(digits: u16) -> u8 {
    if digits <= 18 { 18 } else { 38 }
}

fn scale(numbers: &Numbers) -> u8 {
    u8::try_from(numbers.max_places).unwrap_or(u8::MAX)
}

fn money_reason(evidence: &Evidence, numbers: &Numbers, label: &str) -> Option<String> {
    let exact = numbers.floating == 0
        && numbers.max_places <= MONEY_PLACES
        && numbers.max_whole + numbers.max_places <= 38;
    let places = numbers.max_places;
    if !exact {
        None
    } else if evidence.currency > 0 {
        Some(format!("values carry a currency sign and have at most {places} decimal places"))
    } else if let Some(word) = money::word(label) {
        Some(format!("the name says {word} and every value has at most {places} decimal places"))
    } else {
        (numbers.grouped > 0 && numbers.pointed > 0)
            .then(|| format!("values have thousands separators and at most {places} decimal places"))
    }
}

fn declared_money(evidence: &Evidence, plan: &mut ColumnPlan) {
    let mut numbers = evidence.shared.clone();
    numbers.merge(&evidence.point);
    if numbers.count == 0 || numbers.pointed == 0 {
        return;
    }
    if let Some(reason) = money_reason(evidence, &numbers, &plan.label) {
        let digits = numbers.max_whole + numbers.max_places;
        plan.kind = Kind::Decimal { precision: precision(digits), scale: scale(&numbers), mark: Mark::Point };
        plan.notes.push("doubles became decimals of the same shortest spelling".to_owned());
        plan.money = Some(reason);
    }
}

fn temporal(evidence: &Evidence, neighbours: &Neighbours, plan: &mut ColumnPlan) {
    let moments = &evidence.moments;
    let order = match moments.orders {
        0 => {
            plan.notes.push("kept as text: no single order of day and month fits every date".to_owned());
            return;
        }
        moment::YEAR_FIRST => Order::Iso,
        moment::DAY_FIRST => Order::DayMonth,
        moment::MONTH_FIRST => Order::MonthDay,
        _ => undecided_order(moments.undecided, neighbours, plan),
    };
    if moments.truncated > 0 {
        plan.notes.push(format!("{} times were cut to microseconds", moments.truncated));
    }
    plan.kind = match (moments.naive > 0, moments.instants > 0) {
        (false, false) => Kind::Date(order),
        (true, false) => Kind::Timestamp(order),
        (false, true) if moments.dates == 0 => {
            plan.notes.push(format!("{} times with an offset became instants in UTC", moments.instants));
            Kind::Instant(order)
        }
        _ => {
            plan.notes.push("kept as text: times with and without an offset are mixed".to_owned());
            Kind::Text
        }
    };
}

fn undecided_order(undecided: u64, neighbours: &Neighbours, plan: &mut ColumnPlan) -> Order {
    let (order, why) = match neighbours.order {
        Some(order) => (order, "as in another column of this table"),
        None => (Order::DayMonth, "because nothing in the table decides"),
    };
    let chosen = if order == Order::MonthDay { "month first" } else { "day first" };
    if undecided > 0 {
        plan.notes
            .push(format!("{undecided} dates could be read in two ways; they were read {chosen}, {why}"));
    }
    order
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
