//! A strict JSON parser that borrows from its text and keeps numbers as they are spelt.

use std::borrow::Cow;

use crate::json::plain::{number_end, plain_end};
pub use crate::json::value::{Found, Json};

/// How deep arrays and objects may be nested.
const DEPTH: usize = 128;

/// Why a text is no JSON object.
pub type Fault = &'static str;

/// A reader of one record.
pub struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    /// A reader of a text from byte `at` on.
    #[must_use]
    pub fn new(text: &'a str, at: usize) -> Self {
        Self { text, bytes: text.as_bytes(), at, depth: 0 }
    }

    /// A reader of what is inside a record, from behind the blanks at byte `at` on.
    #[must_use]
    pub fn within(text: &'a str, at: usize) -> Self {
        let mut parser = Self { text, bytes: text.as_bytes(), at, depth: 1 };
        parser.blanks();
        parser
    }

    /// The byte that is read next.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at
    }

    /// Whether the object ends here.
    #[must_use]
    pub fn ends_object(&self) -> bool {
        self.peek() == Some(b'}')
    }

    /// Reads the text as one JSON object and nothing else; `member` reads each key, colon and value.
    pub fn object(&mut self, member: impl FnMut(&mut Self) -> Result<(), Fault>) -> Result<(), Fault> {
        self.blanks();
        if self.peek() != Some(b'{') {
            return Err("it is not an object");
        }
        self.members(member)?;
        self.blanks();
        if self.at == self.text.len() { Ok(()) } else { Err("text follows the object") }
    }

    /// Passes a key, its colon and its value.
    pub fn member(&mut self) -> Result<(), Fault> {
        self.key()?;
        self.colon()?;
        self.found().map(drop)
    }

    /// The next key.
    pub fn key(&mut self) -> Result<Cow<'a, str>, Fault> {
        if self.peek() == Some(b'"') { self.string() } else { Err("a key in quotes is expected") }
    }

    /// Passes the colon behind a key.
    #[inline]
    pub fn colon(&mut self) -> Result<(), Fault> {
        self.expect(b':', "a colon is expected after a key")
    }

    /// Finds the next value.
    #[inline]
    pub fn found(&mut self) -> Result<Found<'a>, Fault> {
        let from = self.at;
        match self.peek() {
            Some(b'"') => {
                let end = plain_end(self.bytes, from + 1);
                if self.bytes.get(end) == Some(&b'"') {
                    self.at = end + 1;
                    return Ok(Found::Text(from + 1, end));
                }
            }
            Some(b'-' | b'0'..=b'9') => {
                self.number()?;
                return Ok(Found::Number(from, self.at));
            }
            _ => {}
        }
        Ok(match self.value()? {
            Json::Null => Found::Null,
            Json::Truth(_) => Found::Truth(from, self.at),
            other => Found::Rare(other, &self.text[from..self.at]),
        })
    }

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

    /// Parses the next value.
    pub fn value(&mut self) -> Result<Json<'a>, Fault> {
        match self.peek() {
            Some(b'{') => {
                let mut members = Vec::new();
                self.members(|parser| {
                    let key = parser.key()?;
                    parser.colon()?;
                    members.push((key, parser.value()?));
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

    fn members(&mut self, mut each: impl FnMut(&mut Self) -> Result<(), Fault>) -> Result<(), Fault> {
        self.enter()?;
        self.at += 1;
        self.blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
            self.depth -= 1;
            return Ok(());
        }
        loop {
            each(self)?;
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

    fn number(&mut self) -> Result<Json<'a>, Fault> {
        let from = self.at;
        self.at = number_end(self.bytes, from).ok_or("a number is malformed")?;
        Ok(Json::Number(&self.text[from..self.at]))
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        self.at += 1;
        let from = self.at;
        let mut owned: Option<String> = None;
        let mut kept = from;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let step = plain_end(rest, 0);
            match rest.get(step) {
                None => return Err("a quote is not closed"),
                Some(..0x20) => return Err("a control character stands in a string"),
                Some(_) => {}
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
