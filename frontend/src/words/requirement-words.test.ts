import { expect, test } from 'vitest';
import { standingOf } from './requirement-words.ts';

const by = { kind: 'person', name: 'Ada' } as const;

test('shows a person’s mark as what it is, never as proven', () => {
  const waived = standingOf({ status: 'failing', mark: { kind: 'waived', reason: 'Not now.', by, tree: null } });
  expect(waived).toMatchObject({ word: 'Waived', shape: 'struck' });
  expect(waived.meaning).toContain('Underneath it is failing');
  expect(standingOf({ status: 'weak', mark: { kind: 'accepted', reason: 'Seen.', by, tree: 'x' } }).word).toBe(
    'Accepted by hand',
  );
});

test('lets proof stand above an older mark', () => {
  expect(standingOf({ status: 'proven', mark: { kind: 'waived', reason: 'Not now.', by, tree: null } }).word).toBe(
    'Proven',
  );
});

test('gives each standing a form of its own', () => {
  const statuses = ['proven', 'failing', 'weak', 'stale', 'unproven', 'unchecked'] as const;
  expect(new Set(statuses.map((status) => standingOf({ status, mark: null }).shape)).size).toBe(statuses.length);
});
