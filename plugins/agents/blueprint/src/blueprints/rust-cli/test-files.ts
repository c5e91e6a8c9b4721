import type { Model, ProjectFile } from '../../model/model.ts';
import { samplesModule } from './samples-module.ts';
import { toolTests } from './tool-tests.ts';

/** The project's own tests: the real program, called with words, on a data file of its own. */
export function testFiles(model: Model): ProjectFile[] {
  return [
    { path: 'tests/support/mod.rs', content: support },
    { path: 'tests/support/samples.rs', content: samplesModule(model) },
    { path: 'tests/tool.rs', content: toolTests },
  ];
}

/** 'tests/tool.rs::a_wrong_call_ends_with_2' */
export function testIds(files: readonly ProjectFile[]): string[] {
  return files.flatMap(({ path, content }) =>
    [...content.matchAll(/^#\[test\]\nfn (\w+)\(/gm)].map((match) => `${path}::${match[1]}`),
  );
}

const support = String.raw`//! The tool on a data file of its own.

pub mod samples;

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs, process};

use samples::{Sample, PROGRAM};

/// A folder with a data file, which goes away with the test.
pub struct Tool {
    pub data: PathBuf,
    group: &'static [&'static str],
    folder: PathBuf,
}

pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Tool {
    pub fn new(sample: &Sample, test: &str) -> Tool {
        let name = format!("{}-{test}-{}", samples::TOOL, process::id());
        let folder = env::temp_dir().join(name);
        let data = folder.join("deep").join("data.txt");
        let group = sample.group;
        Tool {
            data,
            group,
            folder,
        }
    }

    /// The same with both samples in it.
    pub fn with_both(sample: &Sample, test: &str) -> Tool {
        let tool = Tool::new(sample, test);
        for words in [sample.first_words, sample.second_words] {
            let added = tool.call(&["add"], words);
            assert_eq!(added.code, Some(0), "{}", added.err);
        }
        tool
    }

    /// Calls the tool with words after those that name the thing.
    pub fn call(&self, verb: &[&str], words: &[&str]) -> Ended {
        self.call_plain(&[self.group, verb, words].concat())
    }

    /// What a list with these options prints as JSON.
    pub fn list(&self, words: &[&str]) -> String {
        self.call(&["list", "--json"], words).out
    }

    pub fn call_plain(&self, words: &[&str]) -> Ended {
        let mut command = self.command(words);
        let output = command.output().expect("the tool starts");
        Ended {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(words).env_clear();
        command.env(samples::DATA_VARIABLE, &self.data);
        command
    }
}

impl Drop for Tool {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A list as it is printed.
pub fn listed(items: &[&str]) -> String {
    let mut text = String::from("[\n");
    for (index, item) in items.iter().enumerate() {
        let end = if index + 1 < items.len() { "," } else { "" };
        text += &format!("  {}{end}\n", item.replace('\n', "\n  "));
    }
    text + "]\n"
}
`;
