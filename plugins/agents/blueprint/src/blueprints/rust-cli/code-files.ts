import { dataVariable } from '../../command-line/naming.ts';
import type { Model, ProjectFile } from '../../model/model.ts';
import { argsModule } from './args-module.ts';
import { calendarModule } from './calendar-module.ts';
import { cliModule } from './cli-module.ts';
import { outputModule, usageModule } from './output-modules.ts';
import { rustText } from './rust.ts';
import { storeModule } from './store-module.ts';
import { thingModule, thingsModule } from './things-module.ts';
import { valueModule } from './value-module.ts';

/** The sources: entry, arguments, commands, settings, store, and what is kept. */
export function codeFiles(model: Model): ProjectFile[] {
  const files: Readonly<Record<string, string>> = {
    main: main(model),
    args: argsModule,
    calendar: calendarModule,
    cli: cliModule,
    error: errorModule,
    output: outputModule,
    settings: settings(model),
    store: storeModule,
    thing: thingModule,
    things: thingsModule(model),
    usage: usageModule,
    value: valueModule,
  };
  return Object.entries(files).map(([name, content]) => ({ path: `src/${name}.rs`, content }));
}

const main = (model: Model): string => String.raw`//! ${model.title}: a command line tool.
#![forbid(unsafe_code)]

mod args;
mod calendar;
mod cli;
mod error;
mod output;
mod settings;
mod store;
mod thing;
mod things;
mod usage;
mod value;

use std::io::{self, Write};
use std::process::ExitCode;

use error::Error;

fn main() -> ExitCode {
    let args: Result<Vec<String>, _> = std::env::args_os()
        .skip(1)
        .map(|word| word.into_string())
        .collect();
    let answer = match args {
        Ok(args) => cli::run(&args),
        Err(word) => Err(Error::Usage(format!("{word:?} is no text"))),
    };
    match answer {
        Ok(text) => match writeln!(io::stdout(), "{text}") {
            // Whoever read the output may have enough before its end.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                told(&Error::Failed(format!("cannot print: {error}")))
            }
            _ => ExitCode::SUCCESS,
        },
        Err(error) => told(&error),
    }
}

fn told(error: &Error) -> ExitCode {
    eprintln!("{}: error: {error}", settings::TOOL);
    ExitCode::from(error.code())
}
`;

const errorModule = String.raw`//! What can go wrong, and the exit codes for it.

use std::fmt;

use crate::settings::TOOL;

#[derive(Debug)]
pub enum Error {
    /// Something that could not be done, told in one line.
    Failed(String),
    /// The tool was called wrongly.
    Usage(String),
}

impl Error {
    pub fn code(&self) -> u8 {
        match self {
            Error::Failed(_) => 1,
            Error::Usage(_) => 2,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Error::Failed(why) => write!(formatter, "{why}"),
            Error::Usage(why) => write!(formatter, "{why}\nTry '{TOOL} --help'."),
        }
    }
}
`;

const settings = (model: Model): string => String.raw`//! Names, and where the data is.

use std::env;
use std::path::PathBuf;

use crate::args::Given;

pub const TOOL: &str = ${rustText(model.slug)};
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
pub const DATA_VARIABLE: &str = ${rustText(dataVariable(model))};

/// Where the data is kept: the option, else the environment, else a place of the tool's own.
pub fn data_file(given: &Given) -> PathBuf {
    let set = |name: &str| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let own = || {
        let home = set("HOME").unwrap_or_default();
        let share = set("XDG_DATA_HOME").unwrap_or_else(|| home.join(".local").join("share"));
        share.join(TOOL).join("data.txt")
    };
    let option = given
        .last("data")
        .filter(|word| !word.is_empty())
        .map(PathBuf::from);
    option.or_else(|| set(DATA_VARIABLE)).unwrap_or_else(own)
}
`;
