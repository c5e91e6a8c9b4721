import { toolCatalogue } from '../../command-line/catalogue.ts';
import { toolGrammar } from '../../command-line/grammar.ts';
import type { Tool } from '../../command-line/kit.ts';
import { asApi, toolPurpose } from '../../command-line/product.ts';
import type { Model, ProjectFile } from '../../model/model.ts';
import { file, paper } from '../../requirements/papers.ts';
import type { Blueprint } from '../blueprint.ts';
import { codeFiles } from './code-files.ts';
import { paperFiles } from './paper-files.ts';
import { packageOf } from './rust.ts';
import { testFiles, testIds } from './test-files.ts';

/** A command line tool in Rust on its standard library alone. */
export const rustCli: Blueprint = {
  id: 'rust-cli',
  title: 'Rust command line tool',
  builds: 'a command line tool in Rust',
  product: 'tool',
  toolchain: 'rust',
  lacking: `cargo --version >/dev/null 2>&1 && cc --version >/dev/null 2>&1 || echo "This machine has no Rust, without which nothing of this can be built or checked: sudo apt-get install -y cargo gcc"`,
  asking: {
    names: /\b(?:clap(?= (?:crate|derive|cli))|structopt|rust (?:cli|command[- ]line))\b/i,
    platform: /\b(?:rust(?:lang)?|cargo|crate)\b/i,
    purpose: toolPurpose,
    instead: {
      names:
        /\b(?:(?<=\b(?:with|using|use|and|on) )(?:clap|serde|rusqlite|sqlx|diesel)|structopt|clap(?= (?:crate|derive|cli)))\b/gi,
      uses: "Rust's standard library and no crate",
    },
    assumed: '',
  },
  conventions: { keys: 'snake', port: 0, accounts: false, product: { asApi, title: 'Tool' } },
  grammar: toolGrammar('(?:in |with )?rust(?:lang)?|cargo|standard library'),
  catalogue: (model: Model) => toolCatalogue(model, rustTool),
  parts: (model: Model) => [
    { title: 'arguments, commands and storage', files: codeFiles(model) },
    { title: 'tests and papers', files: [...testFiles(model), ...paperFiles(model)] },
  ],
  testCommand: () => 'cargo test',
  isTest: ({ path }: ProjectFile) => path.startsWith('tests/'),
  testIds,
};

const rustTool: Tool = {
  blueprint: rustCli,
  command: (model) => `./target/debug/${packageOf(model)}`,
  readmeNames: ['cargo install', 'cargo test'],
  ignored: ['target/'],
  papers: () => [
    paper({
      key: 'language',
      text: 'The tool shall be written in Rust.',
      checks: [
        file('it is a Cargo package', 'Cargo.toml', ['[package]', 'edition = "2021"']),
        file('it forbids unsafe code', 'src/main.rs', ['#![forbid(unsafe_code)]', 'fn main()']),
      ],
    }),
  ],
};
