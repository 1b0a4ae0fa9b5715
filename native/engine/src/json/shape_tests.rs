use arrow_array::Array;

use super::*;
use crate::json::parse::Parser;
use crate::render;

fn values(records: &[&'static str]) -> Vec<Json<'static>> {
    let mut values = Vec::new();
    for text in records {
        let read = Parser::new(text, 0).object(|parser| {
            parser.key()?;
            parser.colon()?;
            values.push(parser.value()?);
            Ok(())
        });
        assert_eq!(read, Ok(()));
    }
    values
}

fn shape(records: &[&'static str]) -> Shape {
    values(records).iter().map(Shape::of).fold(Shape::Unknown, Shape::with)
}

#[test]
fn regular_values_have_an_arrow_type_and_come_back_as_they_were() {
    let records = [
        r#"{"v": {"a": 1, "b": ["x", null]}}"#,
        r#"{"v": {"b": [], "c": {"d": true}, "a": 2.5}}"#,
        r#"{"v": null}"#,
    ];
    let values = values(&records);
    let data_type = shape(&records).arrow().unwrap();
    let options: Vec<Option<&Json<'_>>> = values.iter().map(Some).collect();
    let array = build(&data_type, &options);
    let shown: Vec<String> = (0..array.len())
        .map(|row| {
            let mut text = String::new();
            render::json(array.as_ref(), row, &mut text);
            text
        })
        .collect();
    assert_eq!(
        shown,
        [r#"{"a": 1, "b": ["x", null], "c": null}"#, r#"{"a": 2.5, "b": [], "c": {"d": true}}"#, "null",]
    );
}

#[test]
fn irregular_values_have_none() {
    for records in [
        [r#"{"v": {"a": 1}}"#, r#"{"v": {"a": "x"}}"#],
        [r#"{"v": {"a": 1}}"#, r#"{"v": [1]}"#],
        [r#"{"v": [1, "x"]}"#, r#"{"v": []}"#],
        [r#"{"v": {}}"#, r#"{"v": {}}"#],
        [r#"{"v": {"a": 1, "A": 2}}"#, r#"{"v": {}}"#],
        [r#"{"v": {"a b": 1}}"#, r#"{"v": {}}"#],
        [r#"{"v": [99999999999999999999]}"#, r#"{"v": []}"#],
    ] {
        assert_eq!(shape(&records).arrow(), None, "{records:?}");
    }
}

#[test]
fn empty_lists_hold_text_until_more_is_known() {
    let empty = shape(&[r#"{"v": []}"#]);
    assert_eq!(empty.arrow(), Shape::List(Box::new(Shape::Text)).arrow());
    assert_eq!(empty.with(shape(&[r#"{"v": [1]}"#])), Shape::List(Box::new(Shape::Whole)));
}

#[test]
fn too_many_keys_are_a_dictionary_not_a_struct() {
    let fields =
        |from: usize| Shape::Object((from..from + 150).map(|n| (format!("k{n}"), Shape::Whole)).collect());
    assert_eq!(fields(0).with(fields(150)), Shape::Irregular);
}
