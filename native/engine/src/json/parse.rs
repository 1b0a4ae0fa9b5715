//! A strict JSON parser that borrows from its text and keeps numbers as they are spelt.

use std::borrow::Cow;

/// How deep arrays and objects may be nested.
const DEPTH: usize = 128;

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json<'a> {
    Null,
    Truth(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

/// A key of a record with its value, parsed and raw.
pub struct Member<'a> {
    pub key: Cow<'a, str>,
    pub value: Json<'a>,
    pub raw: &'a str,
}

/// Why a text is no JSON object.
pub type Fault = &'static str;

/// The members of a text that is one JSON object and nothing else.
pub fn record(text: &str) -> Result<Vec<Member<'_>>, Fault> {
    let mut parser = Parser { text, bytes: text.as_bytes(), at: 0, depth: 0 };
    parser.blanks();
    if parser.peek() != Some(b'{') {
        return Err("it is not an object");
    }
    let mut members = Vec::new();
    parser.members(|parser, key| {
        let from = parser.at;
        let value = parser.value()?;
        members.push(Member { key, value, raw: &parser.text[from..parser.at] });
        Ok(())
    })?;
    parser.blanks();
    if parser.at == text.len() { Ok(members) } else { Err("text follows the object") }
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8, fault: Fault) -> Result<(), Fault> {
        self.blanks();
        if self.peek() != Some(byte) {
            return Err(fault);
        }
        self.at += 1;
        self.blanks();
        Ok(())
    }

    fn value(&mut self) -> Result<Json<'a>, Fault> {
        match self.peek() {
            Some(b'{') => {
                let mut members = Vec::new();
                self.members(|parser, key| {
                    let value = parser.value()?;
                    members.push((key, value));
                    Ok(())
                })?;
                Ok(Json::Object(members))
            }
            Some(b'[') => self.list(),
            Some(b'"') => self.string().map(Json::Text),
            Some(b't') => self.word("true", Json::Truth(true)),
            Some(b'f') => self.word("false", Json::Truth(false)),
            Some(b'n') => self.word("null", Json::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            None => Err("it ends inside a value"),
            Some(_) => Err("a value is expected"),
        }
    }

    fn enter(&mut self) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > DEPTH { Err("it is nested too deeply") } else { Ok(()) }
    }

    fn members(
        &mut self,
        mut each: impl FnMut(&mut Self, Cow<'a, str>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.enter()?;
        self.at += 1;
        self.blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
            self.depth -= 1;
            return Ok(());
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err("a key in quotes is expected");
            }
            let key = self.string()?;
            self.expect(b':', "a colon is expected after a key")?;
            each(self, key)?;
            self.blanks();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                None => return Err("it ends inside an object"),
                Some(_) => return Err("a comma or a closing brace is expected"),
            }
            self.blanks();
        }
        self.at += 1;
        self.depth -= 1;
        Ok(())
    }

    fn list(&mut self) -> Result<Json<'a>, Fault> {
        self.enter()?;
        self.at += 1;
        self.blanks();
        let mut items = Vec::new();
        if self.peek() != Some(b']') {
            loop {
                items.push(self.value()?);
                self.blanks();
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b']') => break,
                    None => return Err("it ends inside a list"),
                    Some(_) => return Err("a comma or a closing bracket is expected"),
                }
                self.blanks();
            }
        }
        self.at += 1;
        self.depth -= 1;
        Ok(Json::List(items))
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Result<Json<'a>, Fault> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err("a value is expected");
        }
        self.at += word.len();
        Ok(value)
    }

    fn digits(&mut self) -> usize {
        let from = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - from
    }

    fn number(&mut self) -> Result<Json<'a>, Fault> {
        const FAULT: Fault = "a number is malformed";
        let from = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        let zero = self.peek() == Some(b'0');
        let whole = self.digits();
        if whole == 0 || (zero && whole > 1) {
            return Err(FAULT);
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(FAULT);
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            if self.digits() == 0 {
                return Err(FAULT);
            }
        }
        Ok(Json::Number(&self.text[from..self.at]))
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        self.at += 1;
        let from = self.at;
        let mut owned: Option<String> = None;
        let mut kept = from;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let step = memchr::memchr2(b'"', b'\\', rest).ok_or("a quote is not closed")?;
            if rest[..step].iter().any(|&byte| byte < 0x20) {
                return Err("a control character stands in a string");
            }
            self.at += step;
            if rest[step] == b'"' {
                break;
            }
            let out = owned.get_or_insert_default();
            out.push_str(&self.text[kept..self.at]);
            self.at += 1;
            let letter = self.escape()?;
            owned.get_or_insert_default().push(letter);
            kept = self.at;
        }
        let end = self.at;
        self.at += 1;
        Ok(match owned {
            None => Cow::Borrowed(&self.text[from..end]),
            Some(mut text) => {
                text.push_str(&self.text[kept..end]);
                Cow::Owned(text)
            }
        })
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let byte = self.peek().ok_or("a quote is not closed")?;
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{C}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return Err("an escape is unknown"),
        })
    }

    fn unicode(&mut self) -> Result<char, Fault> {
        let first = self.four()?;
        if !(0xD800..0xDC00).contains(&first) {
            return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        if !self.bytes[self.at..].starts_with(b"\\u") {
            return Ok(char::REPLACEMENT_CHARACTER);
        }
        self.at += 2;
        let second = self.four()?;
        let low = second.wrapping_sub(0xDC00);
        let letter =
            if low < 0x400 { char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + low) } else { None };
        Ok(letter.unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn four(&mut self) -> Result<u32, Fault> {
        let hex = self.bytes.get(self.at..self.at + 4).ok_or("an escape is cut short")?;
        self.at += 4;
        hex.iter().try_fold(0, |value, &byte| {
            char::from(byte).to_digit(16).map(|digit| value * 16 + digit).ok_or("an escape is malformed")
        })
    }
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
