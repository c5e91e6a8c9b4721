import { randomBytes } from 'node:crypto';
import type { ManifestEntry } from '@devfactory/contracts';
import { heldBytes } from '@devfactory/kit/testing';
import { expect, test } from 'vitest';
import { packTree } from './index.ts';

test('an archive passes with flat memory, however large it is', async () => {
  const [pieces, piece] = [200, randomBytes(1_000_000)];
  const size = pieces * piece.length;
  const entry: ManifestEntry = {
    type: 'file',
    path: 'large.bin',
    mode: 0o644,
    size,
    object: 'a'.repeat(64),
    mtimeMs: 0,
  };
  const read = async function* () {
    for (let count = 0; count < pieces; count += 1) yield Buffer.from(piece);
  };
  const before = heldBytes();
  let [sum, most] = [0, 0];
  for await (const chunk of packTree({ hash: '', entries: [entry], read }, new AbortController().signal)) {
    const [last, now] = [Math.floor(sum / 20_000_000), Math.floor((sum += chunk.length) / 20_000_000)];
    if (now > last) most = Math.max(most, heldBytes() - before);
  }
  expect(sum).toBeGreaterThan(size);
  expect(most / 1024 ** 2).toBeLessThan(48);
}, 120_000);

test('many small files leave nothing behind but their names', async () => {
  const [files, size] = [4000, 30_000];
  const content = randomBytes(size);
  const entries = Array.from({ length: files }, (_, index): ManifestEntry => ({
    type: 'file',
    path: `d/${String(index).padStart(6, '0')}.bin`,
    mode: 0o644,
    size,
    object: 'a'.repeat(64),
    mtimeMs: 0,
  }));
  const read = async function* () {
    yield Buffer.from(content);
  };
  const before = heldBytes();
  let [sum, most] = [0, 0];
  for await (const chunk of packTree({ hash: '', entries, read }, new AbortController().signal)) {
    const [last, now] = [Math.floor(sum / 20_000_000), Math.floor((sum += chunk.length) / 20_000_000)];
    if (now > last) most = Math.max(most, heldBytes() - before);
  }
  expect(sum).toBeGreaterThan(files * size);
  expect(most / 1024 ** 2).toBeLessThan(64);
}, 120_000);
