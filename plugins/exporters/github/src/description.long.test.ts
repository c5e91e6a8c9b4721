import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { excerptOf } from './testing/excerpt.ts';
import { excerpt } from './testing/github-operations.ts';

// 385 MB, of which 29 KB are asked about: it is fetched for this test alone, and is no part of the product or its tests' set-up.
test('what the tests know of GitHub’s API is what GitHub’s own description says', () => {
  const folder = mkdtempSync(join(tmpdir(), 'devfactory-openapi-'));
  try {
    const wanted = `@octokit/openapi@${excerpt.version}`;
    execFileSync('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', wanted]);
    const file = join(folder, 'node_modules/@octokit/openapi/generated/api.github.com.json');
    const description = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    expect(excerpt.operations).toEqual(excerptOf(description));
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 300_000);
