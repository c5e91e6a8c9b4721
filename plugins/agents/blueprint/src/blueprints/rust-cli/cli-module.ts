/** src/cli.rs: words in, text or an error out. */
export const cliModule = String.raw`//! The commands: words in, text or an error out.

use crate::args::{read_args, Given};
use crate::error::Error;
use crate::output::{as_json, as_json_list, as_lines, as_table};
use crate::settings::{data_file, TOOL, VERSION};
use crate::store::Store;
use crate::thing::{Item, Thing};
use crate::things::THINGS;
use crate::usage::usage;
use crate::value::{count, identity, Value};

pub fn run(args: &[String]) -> Result<String, Error> {
    if args.first().map(String::as_str) == Some("--version") {
        return Ok(format!("{TOOL} {VERSION}"));
    }
    let (thing, rest) = thing_of(args);
    if rest.iter().any(|word| word == "--help" || word == "-h") {
        return Ok(usage(thing));
    }
    match (thing, rest.split_first()) {
        (Some(thing), Some((verb, options))) => command(thing, verb, options),
        (Some(_), None) => Err(Error::Usage("say what to do".to_string())),
        (None, Some((word, _))) => Err(no_command(word)),
        (None, None) => Err(Error::Usage("say what it is about".to_string())),
    }
}

/// The thing that a call is about, and the words after that.
fn thing_of(args: &[String]) -> (Option<&'static Thing>, &[String]) {
    if let [only] = THINGS {
        return (Some(only), args);
    }
    let named = args
        .first()
        .and_then(|word| THINGS.iter().find(|thing| thing.command == word));
    (named, if named.is_some() { &args[1..] } else { args })
}

fn command(thing: &Thing, verb: &str, options: &[String]) -> Result<String, Error> {
    match verb {
        "add" => add(thing, &read_args(thing, options, false)?),
        "list" => list(thing, &read_args(thing, options, true)?),
        "show" => show(thing, &read_args(thing, options, false)?),
        "update" => update(thing, &read_args(thing, options, false)?),
        "remove" => remove(thing, &read_args(thing, options, false)?),
        _ => Err(no_command(verb)),
    }
}

fn add(thing: &Thing, given: &Given) -> Result<String, Error> {
    no_words(given)?;
    let mut values: Vec<Value> = thing
        .fields
        .iter()
        .map(|field| field.kind.fallback())
        .collect();
    merge(&mut values, fields_of(thing, given)?);
    let fields = thing.fields.iter().zip(&values);
    let missing: Vec<String> = fields
        .filter(|(field, value)| field.required && **value == Value::Nothing)
        .map(|(field, _)| format!("--{}", field.option))
        .collect();
    if !missing.is_empty() {
        return Err(Error::Usage(format!("missing: {}", missing.join(", "))));
    }
    let item = Store::change(&data_file(given), |store| store.add(thing, values.clone()))?;
    Ok(told(thing, given, &item, "Added"))
}

fn list(thing: &Thing, given: &Given) -> Result<String, Error> {
    no_words(given)?;
    let filters = fields_of(thing, given)?;
    let sort = match given.last("sort") {
        Some(name) => Some(field_named(thing, name)?),
        None => None,
    };
    let limit = given
        .last("limit")
        .map_or(Ok(u64::MAX), |word| read("limit", count(word)))?;
    let offset = given
        .last("offset")
        .map_or(Ok(0), |word| read("offset", count(word)))?;
    let searched = given.last("search").map(str::to_lowercase);
    let store = Store::read(&data_file(given))?;
    let mut items: Vec<&Item> = store
        .items(thing)
        .iter()
        .filter(|item| {
            filters
                .iter()
                .all(|(index, value)| item.values[*index] == *value)
        })
        .filter(|item| {
            searched
                .as_ref()
                .map_or(true, |text| contains(thing, item, text))
        })
        .collect();
    if let Some(index) = sort {
        items.sort_by(|one, two| one.values[index].order(&two.values[index]));
    }
    if given.has("reverse") {
        items.reverse();
    }
    let start = items
        .len()
        .min(usize::try_from(offset).unwrap_or(usize::MAX));
    let length = usize::try_from(limit)
        .unwrap_or(usize::MAX)
        .min(items.len() - start);
    let part = &items[start..start + length];
    Ok(if given.has("json") {
        as_json_list(thing, part)
    } else {
        as_table(thing, part)
    })
}

fn show(thing: &Thing, given: &Given) -> Result<String, Error> {
    let id = number_of(given)?;
    let item = Store::read(&data_file(given))?.get(thing, id)?;
    Ok(if given.has("json") {
        as_json(thing, &item)
    } else {
        as_lines(thing, &item)
    })
}

fn update(thing: &Thing, given: &Given) -> Result<String, Error> {
    let id = number_of(given)?;
    let fields = fields_of(thing, given)?;
    let item = Store::change(&data_file(given), |store| {
        let mut item = store.get(thing, id)?;
        merge(&mut item.values, fields.clone());
        store.put(thing, item)
    })?;
    Ok(told(thing, given, &item, "Updated"))
}

fn remove(thing: &Thing, given: &Given) -> Result<String, Error> {
    let id = number_of(given)?;
    let item = Store::change(&data_file(given), |store| store.remove(thing, id))?;
    Ok(told(thing, given, &item, "Removed"))
}

fn told(thing: &Thing, given: &Given, item: &Item, what: &str) -> String {
    match given.has("json") {
        true => as_json(thing, item),
        false => format!("{what} {} {}.", thing.name, item.id),
    }
}

/// Values of the fields that were named. An empty word clears a field that may be empty.
fn fields_of(thing: &Thing, given: &Given) -> Result<Vec<(usize, Value)>, Error> {
    let mut found: Vec<(usize, Value)> = Vec::new();
    for (index, field) in thing.fields.iter().enumerate() {
        for word in given.all(field.option) {
            let value = match word.is_empty() && !field.required {
                true => field.kind.fallback(),
                false => read(field.option, field.kind.parse(word))?,
            };
            match (found.iter_mut().find(|(place, _)| *place == index), value) {
                (Some((_, Value::Texts(texts))), Value::Texts(more)) => texts.extend(more),
                (Some(place), value) => place.1 = value,
                (None, value) => found.push((index, value)),
            }
        }
    }
    Ok(found)
}

fn merge(values: &mut [Value], named: Vec<(usize, Value)>) {
    for (index, value) in named {
        values[index] = value;
    }
}

fn contains(thing: &Thing, item: &Item, lower: &str) -> bool {
    thing
        .fields
        .iter()
        .zip(&item.values)
        .any(|(field, value)| match value {
            Value::Text(text) => field.kind.is_searched() && text.to_lowercase().contains(lower),
            _ => false,
        })
}

fn field_named(thing: &Thing, name: &str) -> Result<usize, Error> {
    let options: Vec<&str> = thing.fields.iter().map(|field| field.option).collect();
    let place = options.iter().position(|option| *option == name);
    place.ok_or_else(|| Error::Usage(format!("--sort: must be one of {}", options.join(", "))))
}

fn number_of(given: &Given) -> Result<u64, Error> {
    match given.words.as_slice() {
        [word] => read("number", identity(word)),
        _ => Err(Error::Usage("give one number".to_string())),
    }
}

fn no_words(given: &Given) -> Result<(), Error> {
    match given.words.first() {
        Some(word) => Err(Error::Usage(format!(
            "what is '{word}'? Values follow their options."
        ))),
        None => Ok(()),
    }
}

fn no_command(word: &str) -> Error {
    Error::Usage(format!("there is no command '{word}'"))
}

fn read<T>(option: &str, parsed: Result<T, String>) -> Result<T, Error> {
    parsed.map_err(|why| Error::Usage(format!("--{option}: {why}")))
}
`;
