import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toolchainSuite, viewOf } from '@devfactory/kit/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { rustToolchain } from './rust-toolchain.ts';

const home = mkdtempSync(join(tmpdir(), 'devfactory-rust-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
/** The compiler itself: rustup's commands want the home of whoever installed them. */
const sysroot = spawnSync('rustc', ['--print', 'sysroot'], { encoding: 'utf8' }).stdout?.trim() ?? '';

const manifest = '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n';
const right = 'pub fn total(prices: &[i64]) -> i64 {\n    prices.iter().sum()\n}\n';
const wrong = 'pub fn total(_: &[i64]) -> i64 {\n    7\n}\n';
const path = 'tests/price.rs';
const content = `use shop::total;

#[test]
fn adds() {
    assert_eq!(total(&[1, 2]), 3);
}

mod none {
    #[test]
    fn is_zero() {
        assert_eq!(shop::total(&[]), 0);
    }
}
`;
const locked = [{ path, content }];
const tests = [`${path}::adds`, `${path}::none::is_zero`];
const lie = (title: string, code: string, more: Record<string, string> = {}) => ({
  title,
  tree: { 'Cargo.toml': manifest, 'src/lib.rs': code, ...more },
  locked,
  tests,
});
const changed = (title: string, from: string, to: string) => ({
  ...lie(title, right),
  locked: [{ path, content: content.replace(from, to) }],
});
const printed = 'test adds ... ok\\ntest none::is_zero ... ok\\n\\ntest result: ok. 2 passed;\\n';
const leaves = `std::process::exit(0)`;

toolchainSuite({
  toolchain: rustToolchain(),
  recognised: {
    'a package': { 'Cargo.toml': manifest, 'src/main.rs': 'fn main() {}' },
    'a workspace': { 'Cargo.toml': '[workspace]\nmembers = ["a"]\n', 'a/Cargo.toml': manifest, 'a/src/lib.rs': '' },
    'a tree that says so itself': { 'devfactory.json': '{"toolchain":"rust","serve":["./x"],"build":[]}' },
  },
  foreign: {
    'a Node project': { 'package.json': '{}', 'server.mjs': '' },
    'a lone Rust file': { 'x.rs': 'fn main() {}' },
  },
  odd: {
    'a Cargo.toml that is no TOML': { 'Cargo.toml': '[[[[', 'src/main.rs': 'TcpListener' },
    'an empty Cargo.toml': { 'Cargo.toml': '', 'src/main.rs': 'TcpListener' },
    'a devfactory.json that is no JSON': { 'Cargo.toml': manifest, 'devfactory.json': '{' },
  },
  honest: [
    lie('integration tests with modules', right),
    {
      ...lie('tests of a program, beside files that are not locked and do not compile', right, {
        'src/main.rs': 'fn main() { println!("total {}", shop::total(&[1, 2])); }',
        'tests/other.rs': 'nonsense',
      }),
      locked: [
        {
          path: 'tests/cli.rs',
          content:
            '#[test]\nfn prints() {\n    let out = std::process::Command::new(env!("CARGO_BIN_EXE_shop")).output().unwrap();\n    assert_eq!(String::from_utf8_lossy(&out.stdout), "total 3\\n");\n}\n',
        },
      ],
      tests: ['tests/cli.rs::prints'],
    },
  ],
  liars: [
    lie('wrong code', wrong),
    lie('code that does not compile', 'nonsense'),
    lie('a process that ends with 0', `pub fn total(_: &[i64]) -> i64 {\n    ${leaves}\n}\n`),
    lie(
      'output that imitates a pass, and an end with 0',
      `pub fn total(_: &[i64]) -> i64 {\n    use std::io::Write;\n    std::io::stdout().write_all(b"\\n${printed}").unwrap();\n    ${leaves}\n}\n`,
    ),
    lie(
      'code that runs before main',
      `extern "C" fn early() {\n    use std::io::Write;\n    let _ = std::io::stdout().write_all(b"${printed}");\n    ${leaves}\n}\n#[used]\n#[link_section = ".init_array"]\nstatic EARLY: extern "C" fn() = early;\npub fn total(_: &[i64]) -> i64 { 7 }\n`,
    ),
    lie('a target of the same name with another source', wrong, {
      'Cargo.toml': `${manifest}\n[[test]]\nname = "price"\npath = "tests/easy.rs"\n`,
      'tests/easy.rs': '#[test] fn adds() {}\nmod none { #[test] fn is_zero() {} }\n',
    }),
    lie('a target without the harness', wrong, {
      'Cargo.toml': `${manifest}\n[[test]]\nname = "price"\npath = "tests/price.rs"\nharness = false\n`,
    }),
    lie('tests that are not looked for', wrong, { 'Cargo.toml': `${manifest}autotests = false\n` }),
    lie('a runner of its own', wrong, {
      '.cargo/config.toml': '[target.\'cfg(all())\']\nrunner = "true"\n[build]\nrustc-wrapper = "./wrap.sh"\n',
      'wrap.sh': '#!/bin/sh\nexit 0\n',
    }),
    lie('a build script that writes easier tests', wrong, {
      'build.rs':
        'fn main() {\n    std::fs::write("tests/price.rs", "#[test] fn adds() {}\\nmod none { #[test] fn is_zero() {} }\\n").unwrap();\n}\n',
    }),
    changed('an ignored test', '#[test]\nfn adds', '#[test]\n#[ignore]\nfn adds'),
    changed('a test that is not there', 'fn adds', 'fn subtracts'),
  ],
  eachTime: [
    'integration tests with modules',
    'wrong code',
    'code that runs before main',
    'a build script that writes easier tests',
  ],
  env: { HOME: home, PATH: `${sysroot}/bin:/usr/bin:/bin` },
  runMs: 120_000,
  cannotRun:
    sysroot === '' || spawnSync('cargo', ['--version']).status !== 0
      ? 'Rust is not installed; apt-get install cargo'
      : null,
});

describe('Rust detection', () => {
  const detect = async (files: Record<string, string>) => {
    const project = await rustToolchain().detect(viewOf({ 'Cargo.toml': manifest, ...files }));
    if (!project) throw new Error('not recognised');
    return project;
  };

  test.each([
    ['the package’s own program', { 'src/main.rs': 'use std::net::TcpListener;' }, './target/debug/shop'],
    ['a program by its file', { 'src/lib.rs': 'use axum::Router;', 'src/bin/web.rs': '' }, './target/debug/web'],
    ['nothing where nothing listens', { 'src/main.rs': 'fn main() {}' }, undefined],
  ])('starts %s', async (_, files, program) => {
    expect((await detect(files as Record<string, string>)).serve(80)?.argv[0]).toBe(program);
  });
  test('starts the member of a workspace that listens', async () => {
    const project = await detect({
      'Cargo.toml': '[workspace]\nmembers = ["tool", "web"]\n',
      'tool/Cargo.toml': manifest,
      'tool/src/main.rs': 'fn main() {}',
      'web/Cargo.toml': manifest.replace('shop', 'web'),
      'web/src/main.rs': 'use tiny_http::Server;',
    });
    expect(project.serve(80)?.argv[0]).toBe('./target/debug/web');
  });
  test('tells a registry that is out of reach from a crate that does not exist', () => {
    const { unreachable } = rustToolchain();
    expect(unreachable('[6] Could not resolve hostname (Could not resolve host: index.crates.io)')).toBe(true);
    expect(unreachable('error: no matching package named `nope` found')).toBe(false);
  });
  test.each([
    ['1.80.1', 'edition = "2021"\nrust-version = "1.80.1"\n'],
    ['1.85', 'edition = "2024"\n'],
  ])('reads the least version %s from Cargo.toml', async (version, text) => {
    const { leastVersion } = rustToolchain();
    expect(await leastVersion?.(viewOf({ 'Cargo.toml': `[package]\n${text}` }))).toMatchObject({ version });
    expect(await leastVersion?.(viewOf({ 'Cargo.toml': '[workspace]\n' }))).toBeNull();
  });
  test('says so when the machine’s Rust is too old', () => {
    const { outdated } = rustToolchain();
    expect(outdated?.('feature `edition2024` is required')).toContain('edition2024');
    expect(outdated?.('package `x v1.0.0` cannot be built because it requires rustc 1.99')).toContain('1.99');
    expect(outdated?.('error[E0425]')).toBeNull();
  });
});
