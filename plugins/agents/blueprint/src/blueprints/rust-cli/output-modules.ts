/** src/output.rs and src/usage.rs: what people and other programs read. */
export const outputModule = String.raw`//! What is printed: JSON for programs, aligned text for people.

use crate::thing::{Item, Thing};
use crate::value::Value;

pub fn as_json(thing: &Thing, item: &Item) -> String {
    object(thing, item, "")
}

pub fn as_json_list(thing: &Thing, items: &[&Item]) -> String {
    if items.is_empty() {
        return "[]".to_string();
    }
    let objects: Vec<String> = items
        .iter()
        .map(|item| format!("  {}", object(thing, item, "  ")))
        .collect();
    format!("[\n{}\n]", objects.join(",\n"))
}

pub fn as_table(thing: &Thing, items: &[&Item]) -> String {
    if items.is_empty() {
        return format!("No {}.", thing.plural);
    }
    let names = thing.fields.iter().map(|field| field.key.to_uppercase());
    let mut rows = vec![std::iter::once("ID".to_string()).chain(names).collect()];
    for item in items {
        let cells = item.values.iter().map(shown);
        rows.push(std::iter::once(item.id.to_string()).chain(cells).collect());
    }
    aligned(&rows)
}

pub fn as_lines(thing: &Thing, item: &Item) -> String {
    let mut rows = vec![vec!["id:".to_string(), item.id.to_string()]];
    for (field, value) in thing.fields.iter().zip(&item.values) {
        rows.push(vec![format!("{}:", field.key), shown(value)]);
    }
    aligned(&rows)
}

fn object(thing: &Thing, item: &Item, indent: &str) -> String {
    let mut members = vec![format!("{indent}  \"id\": {}", item.id)];
    for (field, value) in thing.fields.iter().zip(&item.values) {
        let shown = match value {
            Value::Nothing => "null".to_string(),
            Value::Text(text) => quoted(text),
            Value::Number(number) => number.to_string(),
            Value::Flag(is_so) => is_so.to_string(),
            Value::Texts(texts) if texts.is_empty() => "[]".to_string(),
            Value::Texts(texts) => {
                let lines: Vec<String> = texts
                    .iter()
                    .map(|text| format!("{indent}    {}", quoted(text)))
                    .collect();
                format!("[\n{}\n{indent}  ]", lines.join(",\n"))
            }
        };
        members.push(format!("{indent}  {}: {shown}", quoted(field.key)));
    }
    format!("{{\n{}\n{indent}}}", members.join(",\n"))
}

/// A text as JSON has it.
fn quoted(text: &str) -> String {
    let mut json = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            letter if letter < ' ' => json.push_str(&format!("\\u{:04x}", u32::from(letter))),
            letter => json.push(letter),
        }
    }
    json + "\""
}

/// One line that a terminal cannot take for commands.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::Nothing => "-".to_string(),
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Flag(is_so) => if *is_so { "yes" } else { "no" }.to_string(),
        Value::Texts(texts) => texts.join(", "),
    };
    let is_hidden = |letter: char| {
        letter.is_control()
            || ('\u{200b}'..='\u{200f}').contains(&letter)
            || ('\u{2028}'..='\u{202e}').contains(&letter)
            || ('\u{2066}'..='\u{2069}').contains(&letter)
    };
    text.replace(is_hidden, " ")
}

fn aligned(rows: &[Vec<String>]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..rows[0].len()).filter_map(width).collect();
    let lines = rows.iter().map(|row| {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_string()
    });
    lines.collect::<Vec<_>>().join("\n")
}
`;

export const usageModule = String.raw`//! What --help prints.

use crate::settings::{DATA_VARIABLE, TOOL};
use crate::thing::Thing;
use crate::things::THINGS;

/// Help about one kind of thing, or about which there are.
pub fn usage(thing: Option<&Thing>) -> String {
    match thing {
        Some(thing) => of_thing(thing),
        None => of_tool(),
    }
}

fn of_tool() -> String {
    let mut text = format!("usage: {TOOL} THING COMMAND [options]\n\nthings:\n");
    for thing in THINGS {
        let options: Vec<String> = thing
            .fields
            .iter()
            .map(|field| format!("--{}", field.option))
            .collect();
        let (command, plural) = (thing.command, thing.plural);
        text += &format!("    {command:12} {plural} ({})\n", options.join(", "));
    }
    text + &format!("\n{TOOL} THING --help tells of its commands.")
}

fn of_thing(thing: &Thing) -> String {
    let group = if thing.command.is_empty() {
        String::new()
    } else {
        format!(" {}", thing.command)
    };
    let mut fields = String::new();
    for field in thing.fields {
        let (word, help) = field.kind.help();
        let option = format!("    --{} {word}", field.option);
        let required = if field.required {
            "required".to_string()
        } else {
            String::new()
        };
        let unique = if field.unique {
            "unique".to_string()
        } else {
            String::new()
        };
        let rules: Vec<String> = [help, required, unique]
            .into_iter()
            .filter(|rule| !rule.is_empty())
            .collect();
        fields += format!("{option:30}{}", rules.join(", ")).trim_end();
        fields.push('\n');
    }
    format!(
        "usage: {TOOL}{group} COMMAND [options]

commands:
    add              add one, with its fields
    list             print all, or those that have the fields that are named
    show NUMBER      print one
    update NUMBER    change the fields that are named; an empty value clears
    remove NUMBER    remove one

fields:
{fields}
options of list:
    --search TEXT    text that occurs in them
    --sort FIELD     in order of a field, with --reverse the other way round
    --limit COUNT    at most so many
    --offset COUNT   skip so many

options of all:
    --json           print JSON
    --data FILE      where the data is kept; else {DATA_VARIABLE}, else a place of its own
    --help, --version"
    )
}
`;
