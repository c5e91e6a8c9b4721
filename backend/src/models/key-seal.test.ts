import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { KeySeal } from './key-seal.ts';

const directory = mkdtempSync(join(tmpdir(), 'devfactory-seal-'));
afterAll(() => rmSync(directory, { recursive: true }));

const use = ['openai', 'key', 'https://api.openai.com'];

test('a sealed secret opens again after a restart, and only for what it was sealed for', async () => {
  const sealed = (await KeySeal.in(directory)).seal('sk-canary', use);
  expect(sealed).not.toContain('sk-canary');
  expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('sk-canary');
  const seal = await KeySeal.in(directory);
  expect(seal.open(sealed, use)).toBe('sk-canary');
  expect(seal.open(sealed, ['openai', 'key', 'https://evil.example'])).toBeNull();
  expect(seal.open(`${sealed.slice(0, -4)}AAAA`, use)).toBeNull();
  expect(seal.open('AAAA', use)).toBeNull();
  expect(seal.seal('sk-canary', use)).not.toBe(sealed);
});

test('the key is a file that only its owner reads', async () => {
  await KeySeal.in(directory);
  expect(statSync(join(directory, 'model-key')).mode & 0o777).toBe(0o600);
});

test('a broken key file is never replaced in silence', async () => {
  writeFileSync(join(directory, 'model-key'), 'oops');
  await expect(KeySeal.in(directory)).rejects.toThrow(/does not hold a key/);
  expect(readFileSync(join(directory, 'model-key'), 'utf8')).toBe('oops');
});
