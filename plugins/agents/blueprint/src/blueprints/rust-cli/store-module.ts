/** src/store.rs: things in a file of lines. */
export const storeModule = String.raw`//! Things in a file of lines: the thing, its number, and its values, with tabs between them.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::settings::TOOL;
use crate::thing::{Item, Thing};
use crate::things::THINGS;
use crate::value::{Kind, Value};

/// How long a call waits for another one that changes the same file.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is kept of one kind of thing. Numbers are given once and never again.
struct Shelf {
    thing: &'static Thing,
    next: u64,
    items: Vec<Item>,
}

pub struct Store {
    path: PathBuf,
    shelves: Vec<Shelf>,
}

impl Store {
    /// What a file holds; nothing where there is no file yet.
    pub fn read(path: &Path) -> Result<Store, Error> {
        let text = match fs::read(path) {
            Ok(bytes) => String::from_utf8(bytes).map_err(|_| not_ours(path, 1))?,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(unusable(path, &error)),
        };
        let shelves = THINGS.iter().map(|thing| Shelf {
            thing,
            next: 1,
            items: Vec::new(),
        });
        let mut store = Store {
            path: path.to_path_buf(),
            shelves: shelves.collect(),
        };
        for (index, line) in text.lines().enumerate() {
            let is_known = if index == 0 {
                line == head()
            } else {
                store.take(line).is_some()
            };
            if !is_known {
                return Err(not_ours(path, index + 1));
            }
        }
        Ok(store)
    }

    /// Reads a file, changes it, and puts it back whole. Two calls at once wait for each other.
    pub fn change<T>(
        path: &Path,
        work: impl Fn(&mut Store) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| unusable(path, &error))?;
        }
        let _lock = Lock::wait(path)?;
        let mut store = Store::read(path)?;
        let done = work(&mut store)?;
        store.write().map_err(|error| unusable(path, &error))?;
        Ok(done)
    }

    pub fn items(&self, thing: &Thing) -> &[Item] {
        self.shelf(thing).map_or(&[], |shelf| &shelf.items)
    }

    pub fn get(&self, thing: &Thing, id: u64) -> Result<Item, Error> {
        let found = self.items(thing).iter().find(|item| item.id == id);
        found
            .cloned()
            .ok_or_else(|| Error::Failed(format!("there is no {} {id}", thing.name)))
    }

    pub fn add(&mut self, thing: &Thing, values: Vec<Value>) -> Result<Item, Error> {
        let id = self.shelf(thing).map_or(1, |shelf| shelf.next);
        self.put(thing, Item { id, values })
    }

    /// Adds an item, or puts it in the place of the one that has its number.
    pub fn put(&mut self, thing: &Thing, item: Item) -> Result<Item, Error> {
        for (index, field) in thing.fields.iter().enumerate() {
            let value = &item.values[index];
            let is_same = |other: &Item| other.id != item.id && other.values[index] == *value;
            if field.unique && *value != Value::Nothing && self.items(thing).iter().any(is_same) {
                return Err(Error::Failed(format!(
                    "--{}: is taken already",
                    field.option
                )));
            }
        }
        for shelf in self
            .shelves
            .iter_mut()
            .filter(|shelf| shelf.thing.plural == thing.plural)
        {
            shelf.next = shelf.next.max(item.id + 1);
            match shelf.items.iter_mut().find(|other| other.id == item.id) {
                Some(place) => *place = item.clone(),
                None => shelf.items.push(item.clone()),
            }
        }
        Ok(item)
    }

    pub fn remove(&mut self, thing: &Thing, id: u64) -> Result<Item, Error> {
        let removed = self.get(thing, id)?;
        for shelf in self
            .shelves
            .iter_mut()
            .filter(|shelf| shelf.thing.plural == thing.plural)
        {
            shelf.items.retain(|item| item.id != id);
        }
        Ok(removed)
    }

    fn shelf(&self, thing: &Thing) -> Option<&Shelf> {
        self.shelves
            .iter()
            .find(|shelf| shelf.thing.plural == thing.plural)
    }

    /// One line of a file; nothing where this tool would not have written it.
    fn take(&mut self, line: &str) -> Option<()> {
        let mut parts = line.split('\t');
        let plural = parts.next()?;
        let shelf = self
            .shelves
            .iter_mut()
            .find(|shelf| shelf.thing.plural == plural)?;
        match parts.next()? {
            "next" => shelf.next = parts.next()?.parse().ok()?,
            id => {
                let fields = shelf.thing.fields;
                let mut values: Vec<Value> =
                    fields.iter().map(|field| field.kind.fallback()).collect();
                for part in parts {
                    let (key, text) = part.split_once('=')?;
                    let index = fields.iter().position(|field| field.key == key)?;
                    match (
                        decoded(&fields[index].kind, &unescaped(text)?)?,
                        &mut values[index],
                    ) {
                        (Value::Texts(more), Value::Texts(texts)) => texts.extend(more),
                        (value, place) => *place = value,
                    }
                }
                shelf.items.push(Item {
                    id: id.parse().ok()?,
                    values,
                });
            }
        }
        Some(())
    }

    /// Whole or not at all: another file is written and takes the place of the old one.
    fn write(&self) -> io::Result<()> {
        let mut text = head() + "\n";
        for Shelf { thing, next, items } in &self.shelves {
            text += &format!("{}\tnext\t{next}\n", thing.plural);
            for item in items {
                text += &format!("{}\t{}", thing.plural, item.id);
                for (field, value) in thing.fields.iter().zip(&item.values) {
                    for part in encoded(value) {
                        text += &format!("\t{}={}", field.key, escaped(&part));
                    }
                }
                text.push('\n');
            }
        }
        let fresh = beside(&self.path, ".new");
        let mut file = File::create(&fresh)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&fresh, &self.path)
    }
}

/// The file beside the data that says that a call is changing it.
struct Lock(PathBuf);

impl Lock {
    fn wait(path: &Path) -> Result<Lock, Error> {
        let lock = beside(path, ".lock");
        let start = Instant::now();
        loop {
            match OpenOptions::new().write(true).create_new(true).open(&lock) {
                Ok(_) => return Ok(Lock(lock)),
                Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                    return Err(unusable(path, &error));
                }
                Err(_) if start.elapsed() > PATIENCE => {
                    let lock = lock.display();
                    let why =
                        format!("another call is changing the data; if none is, remove {lock}");
                    return Err(Error::Failed(why));
                }
                Err(_) => sleep(Duration::from_millis(20)),
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Where this fails, the next call says which file is in its way.
        let _ = fs::remove_file(&self.0);
    }
}

fn head() -> String {
    format!("{TOOL} data 1")
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    name.into()
}

fn unusable(path: &Path, error: &io::Error) -> Error {
    Error::Failed(format!(
        "cannot use the data file {}: {error}",
        path.display()
    ))
}

fn not_ours(path: &Path, line: usize) -> Error {
    let path = path.display();
    Error::Failed(format!(
        "cannot use the data file {path}: {TOOL} did not write line {line}"
    ))
}

fn encoded(value: &Value) -> Vec<String> {
    match value {
        Value::Nothing => Vec::new(),
        Value::Text(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Flag(is_so) => vec![is_so.to_string()],
        Value::Texts(texts) => texts.clone(),
    }
}

/// What was kept is not judged by the rules of today.
fn decoded(kind: &Kind, text: &str) -> Option<Value> {
    Some(match kind {
        Kind::Integer(_) | Kind::Number(_) => Value::Number(text.parse().ok()?),
        Kind::Flag => Value::Flag(text.parse().ok()?),
        Kind::Texts => Value::Texts(vec![text.to_string()]),
        _ => Value::Text(text.to_string()),
    })
}

fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('\t', "\\t");
    text.replace('\n', "\\n").replace('\r', "\\r")
}

fn unescaped(text: &str) -> Option<String> {
    let mut plain = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        plain.push(match letter {
            '\\' => match letters.next()? {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                '\\' => '\\',
                _ => return None,
            },
            letter => letter,
        });
    }
    Some(plain)
}
`;
