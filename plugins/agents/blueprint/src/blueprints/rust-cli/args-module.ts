/** src/args.rs: what a call is given. */
export const argsModule = String.raw`//! Options and words of a call.

use crate::error::Error;
use crate::thing::Thing;

/// What a call is given: words, and options in the order in which they came.
pub struct Given {
    pub words: Vec<String>,
    options: Vec<(String, String)>,
}

impl Given {
    pub fn has(&self, option: &str) -> bool {
        self.last(option).is_some()
    }

    pub fn last(&self, option: &str) -> Option<&str> {
        self.all(option).last().copied()
    }

    pub fn all(&self, option: &str) -> Vec<&str> {
        let named = self.options.iter().filter(|(name, _)| name == option);
        named.map(|(_, word)| word.as_str()).collect()
    }
}

/// Reads the words after a command. A list has options of its own.
pub fn read_args(thing: &Thing, args: &[String], is_list: bool) -> Result<Given, Error> {
    let mut given = Given {
        words: Vec::new(),
        options: Vec::new(),
    };
    let mut rest = args.iter().peekable();
    while let Some(arg) = rest.next() {
        let (name, joined) = match arg.strip_prefix("--") {
            Some(option) => match option.split_once('=') {
                Some((name, word)) => (name, Some(word.to_string())),
                None => (option, None),
            },
            None if arg.len() > 1 && arg.starts_with('-') => return Err(unknown(arg)),
            None => {
                given.words.push(arg.clone());
                continue;
            }
        };
        let option = match (takes(thing, name, is_list), joined) {
            (Some(Takes::Nothing(name, word)), None) => (name, word.to_string()),
            (Some(Takes::Nothing(..)), Some(_)) => {
                return Err(Error::Usage(format!("--{name}: takes no value")));
            }
            (Some(Takes::Word), Some(word)) => (name, word),
            (Some(Takes::Word), None) => match rest.next_if(|next| !next.starts_with("--")) {
                Some(word) => (name, word.clone()),
                None => return Err(Error::Usage(format!("--{name}: value missing"))),
            },
            (None, _) => return Err(unknown(arg)),
        };
        given.options.push((option.0.to_string(), option.1));
    }
    Ok(given)
}

enum Takes<'a> {
    Word,
    /// Stands by itself for an option with this word.
    Nothing(&'a str, &'static str),
}

/// What an option takes; nothing where there is no such option.
fn takes<'a>(thing: &Thing, name: &'a str, is_list: bool) -> Option<Takes<'a>> {
    for field in thing.fields {
        if field.option == name && !field.kind.is_flag() {
            return Some(Takes::Word);
        } else if field.option == name {
            return Some(Takes::Nothing(name, "yes"));
        } else if field.kind.is_flag() && name.strip_prefix("no-") == Some(field.option) {
            return Some(Takes::Nothing(field.option, "no"));
        }
    }
    match name {
        "json" => Some(Takes::Nothing(name, "yes")),
        "data" => Some(Takes::Word),
        "reverse" if is_list => Some(Takes::Nothing(name, "yes")),
        "search" | "sort" | "limit" | "offset" if is_list => Some(Takes::Word),
        _ => None,
    }
}

fn unknown(option: &str) -> Error {
    Error::Usage(format!("there is no option '{option}'"))
}
`;
