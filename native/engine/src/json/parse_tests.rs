use super::*;

#[test]
fn members_keep_their_order_and_spelling() {
    let text = r#" {"a": 1.50, "b": [1, {"c": null}], "d": "x\u00e9\n\ud83d\ude00", "e": true} "#;
    let members = record(text).unwrap();
    assert_eq!(members.len(), 4);
    assert_eq!((members[0].key.as_ref(), &members[0].value), ("a", &Json::Number("1.50")));
    assert_eq!(members[1].raw, r#"[1, {"c": null}]"#);
    assert_eq!(members[2].value, Json::Text("xé\n😀".into()));
    assert_eq!(members[3].value, Json::Truth(true));
}

#[test]
fn what_is_no_object_is_refused_with_a_reason() {
    for text in [
        "",
        "[1]",
        "1",
        "{",
        r#"{"a"}"#,
        r#"{"a":}"#,
        r#"{"a":1,}"#,
        r#"{"a":01}"#,
        r#"{"a":1.}"#,
        r#"{"a":1e}"#,
        r#"{"a":"x}"#,
        r#"{"a":"\q"}"#,
        r#"{"a":"\u12"}"#,
        r#"{"a":1} x"#,
        r"{a:1}",
        r#"{"a":nul}"#,
        "{\"a\":\"\t\"}",
    ] {
        assert!(record(text).is_err(), "{text}");
    }
}

#[test]
fn deep_nesting_is_refused_not_overflowed() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(record(&deep).err(), Some("it is nested too deeply"));
}
