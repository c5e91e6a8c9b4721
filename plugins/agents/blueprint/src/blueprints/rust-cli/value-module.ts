/** src/value.rs: kinds of values. All of them are always there: a person may add a field. */
export const valueModule = String.raw`//! Kinds of values: what a word on the command line means, or why it is refused.
#![allow(dead_code)] // A kind that no field has yet is there for the next one.

use std::cmp::Ordering;

use crate::calendar::{day, moment};

/// What one field of a thing holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Nothing,
    Text(String),
    Number(f64),
    Flag(bool),
    Texts(Vec<String>),
}

/// What a number has to be.
pub enum Rule {
    Above(f64),
    AtLeast(f64),
    AtMost(f64),
}

/// What a field takes.
pub enum Kind {
    /// Text of at least and at most so many characters.
    Text(usize, usize),
    Email(usize, usize),
    Url(usize, usize),
    Integer(&'static [Rule]),
    Number(&'static [Rule]),
    Flag,
    Date,
    /// Kept in UTC, so that texts sort as moments do.
    Moment,
    Choice(&'static [&'static str]),
    Texts,
}

impl Kind {
    /// What a word means for this kind of value.
    pub fn parse(&self, word: &str) -> Result<Value, String> {
        let text = match self {
            Kind::Text(least, most) => sized(word, *least, *most)?,
            Kind::Email(least, most) => email(sized(word, *least, *most)?)?,
            Kind::Url(least, most) => url(sized(word, *least, *most)?)?,
            Kind::Integer(rules) => return integer(word, rules).map(Value::Number),
            Kind::Number(rules) => return decimal(word, rules).map(Value::Number),
            Kind::Flag => return Ok(Value::Flag(word == "yes")),
            Kind::Date => day(word).ok_or("must be a date like 2026-01-31")?,
            Kind::Moment => moment(word).ok_or("must be a moment like 2026-01-31T12:00:00Z")?,
            Kind::Choice(choices) if choices.contains(&word) => word.to_string(),
            Kind::Choice(choices) => return Err(format!("must be one of {}", choices.join(", "))),
            Kind::Texts => return Ok(Value::Texts(vec![word.trim().to_string()])),
        };
        Ok(Value::Text(text))
    }

    /// The value that a field has where none is given.
    pub fn fallback(&self) -> Value {
        match self {
            Kind::Flag => Value::Flag(false),
            Kind::Texts => Value::Texts(Vec::new()),
            _ => Value::Nothing,
        }
    }

    /// An option of such a field stands for yes by itself.
    pub fn is_flag(&self) -> bool {
        matches!(self, Kind::Flag)
    }

    pub fn is_searched(&self) -> bool {
        matches!(self, Kind::Text(..) | Kind::Email(..) | Kind::Url(..))
    }

    /// The word that stands for a value in the help, and what there is to say about it.
    pub fn help(&self) -> (&'static str, String) {
        match self {
            Kind::Text(..) => ("TEXT", String::new()),
            Kind::Email(..) => ("ADDRESS", String::new()),
            Kind::Url(..) => ("URL", String::new()),
            Kind::Integer(_) | Kind::Number(_) => ("NUMBER", String::new()),
            Kind::Flag => ("", "with --no- before its name: not so".to_string()),
            Kind::Date => ("DATE", String::new()),
            Kind::Moment => ("MOMENT", String::new()),
            Kind::Choice(choices) => ("CHOICE", format!("one of {}", choices.join(", "))),
            Kind::Texts => ("TEXT", "may be given several times".to_string()),
        }
    }
}

impl Value {
    /// The order of a list: nothing first, and texts whatever the case of their letters.
    pub fn order(&self, other: &Value) -> Ordering {
        match (self, other) {
            (Value::Text(one), Value::Text(two)) => one.to_lowercase().cmp(&two.to_lowercase()),
            (Value::Number(one), Value::Number(two)) => one.total_cmp(two),
            (Value::Flag(one), Value::Flag(two)) => one.cmp(two),
            (Value::Texts(one), Value::Texts(two)) => one.cmp(two),
            (one, two) => (*one != Value::Nothing).cmp(&(*two != Value::Nothing)),
        }
    }
}

/// The number of a thing.
pub fn identity(word: &str) -> Result<u64, String> {
    match count(word) {
        Ok(number) if number > 0 => Ok(number),
        _ => Err("must be a number from 1 on".to_string()),
    }
}

pub fn count(word: &str) -> Result<u64, String> {
    let is_whole = word.len() <= 15 && word.bytes().all(|byte| byte.is_ascii_digit());
    match word.parse() {
        Ok(number) if is_whole => Ok(number),
        _ => Err("must be a whole number from 0 on".to_string()),
    }
}

fn sized(word: &str, least: usize, most: usize) -> Result<String, String> {
    let text = word.trim();
    match text.chars().count() {
        0 => Err("must not be empty".to_string()),
        length if length < least => Err(format!("must have at least {least} characters")),
        length if length > most => Err(format!("must have at most {most} characters")),
        _ => Ok(text.to_string()),
    }
}

fn email(text: String) -> Result<String, String> {
    let is_plain = !text.contains(char::is_whitespace) && text.matches('@').count() == 1;
    match text
        .split_once('@')
        .map(|(name, host)| (name, host.rsplit_once('.')))
    {
        Some((name, Some((domain, end))))
            if is_plain && !name.is_empty() && !domain.is_empty() && !end.is_empty() =>
        {
            Ok(text)
        }
        _ => Err("must be an e-mail address".to_string()),
    }
}

fn url(text: String) -> Result<String, String> {
    let lower = text.to_lowercase();
    let rest = lower
        .strip_prefix("https://")
        .or_else(|| lower.strip_prefix("http://"));
    let host = rest
        .and_then(|rest| rest.split(['/', '?', '#']).next())
        .unwrap_or("");
    match host.is_empty() || text.contains(char::is_whitespace) {
        true => Err("must be a web address".to_string()),
        false => Ok(text),
    }
}

fn integer(word: &str, rules: &[Rule]) -> Result<f64, String> {
    let digits = word.strip_prefix(['+', '-']).unwrap_or(word);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("must be a whole number".to_string());
    }
    decimal(word, rules)
}

fn decimal(word: &str, rules: &[Rule]) -> Result<f64, String> {
    let is_plain = word
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    // Beyond this, whole numbers are no longer exact; adding nothing makes one of the two zeros.
    let number = match word.parse::<f64>() {
        Ok(number) if is_plain && number.abs() <= 9_007_199_254_740_991.0 => number + 0.0,
        Ok(_) if is_plain => return Err("is out of range".to_string()),
        _ => return Err("must be a number".to_string()),
    };
    for rule in rules {
        match rule {
            Rule::Above(least) if number <= *least => {
                return Err(format!("must be greater than {least}"));
            }
            Rule::AtLeast(least) if number < *least => {
                return Err(format!("must be at least {least}"));
            }
            Rule::AtMost(most) if number > *most => return Err(format!("must be at most {most}")),
            _ => {}
        }
    }
    Ok(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_their_kind_says() {
        assert_eq!(decimal("1.5", &[]), Ok(1.5));
        assert_eq!(decimal("-0", &[]), Ok(0.0));
        for word in ["", "inf", "NaN", "1e999", "1_000", "٣"] {
            assert!(decimal(word, &[]).is_err(), "{word}");
            assert!(integer(word, &[]).is_err(), "{word}");
        }
        assert!(integer("1.5", &[]).is_err());
        assert!(decimal("1", &[Rule::Above(1.0)]).is_err());
        for word in ["a", "a@b", "a@b.", "@b.c", "a@b@c.d", "a b@c.d"] {
            assert!(email(word.to_string()).is_err(), "{word}");
        }
        for word in ["example.com", "ftp://example.com", "https://", "https:///x"] {
            assert!(url(word.to_string()).is_err(), "{word}");
        }
        assert!(url("HTTPS://example.com?x".to_string()).is_ok());
    }
}
`;
