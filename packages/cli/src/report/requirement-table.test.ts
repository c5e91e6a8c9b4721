import type { Evidence, Mutation, RequirementView } from '@devfactory/contracts';
import { expect, test } from 'vitest';
import { plainPaint } from '../terminal.ts';
import { hindrances, standingReason } from './requirement-table.ts';

const digest = 'a'.repeat(64);

function failing(id: string, cause: Evidence['cause'], excerpt: string): RequirementView {
  const latest: Evidence = {
    id: `e-${id}`,
    verificationId: 'v-1',
    checkId: id,
    checkVersion: 1,
    checkDigest: digest,
    requirementId: 'R-1',
    requirementVersion: 1,
    checkpointId: 'ck-1',
    tree: digest,
    onBase: false,
    verdict: cause === 'environment' ? 'inconclusive' : 'failed',
    cause,
    vantage: 'outside',
    command: 'GET /',
    exitCode: null,
    durationMs: 1,
    executions: 1,
    excerpt,
    output: null,
  };
  const check = {
    id,
    title: 'answers',
    heldOut: false,
    standing: 'failing',
    latest,
    base: null,
    mutation: null,
  } as const;
  return { id: 'R-1', text: 'It shall answer.', status: 'failing', mark: null, heldOut: false, checks: [check] };
}

test('what the machine lacks is said once and whole, however many checks it hinders', () => {
  const words = `The registry could not be reached. ${'Look at the network. '.repeat(8)}`.trim();
  const views = [
    failing('C-1', 'environment', `${words}\nnpm ERR! 1`),
    failing('C-2', 'environment', `${words}\nnpm ERR! 2`),
    failing('C-3', 'assertion', 'expected 200, got 500'),
  ];
  expect(hindrances(views, plainPaint)).toEqual([`Not checked: ${words}`]);
});

test('a weak check says whether mutants or the base made it so', () => {
  const [check] = failing('C-1', 'assertion', '').checks;
  if (!check) throw new Error('no check');
  const judged = { outcome: 'judged', killed: 0, survived: 3, agrees: [] };
  const mutation = { ...judged, reason: 'It noticed none of 3 small changes.' } as unknown as Mutation;
  expect(standingReason({ ...check, standing: 'weak', mutation })).toBe('It noticed none of 3 small changes.');
  expect(standingReason({ ...check, standing: 'weak' })).toBe('it did not pass on the base');
});
