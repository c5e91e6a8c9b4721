import { beginState, foldEvent, type NewEvent, type RunEvent, type RunState } from '@devfactory/contracts';
import { expect, test } from 'vitest';
import { plainPaint } from '../terminal.ts';
import { eventLine } from './event-line.ts';

const digest = 'a'.repeat(64);
const factory = { kind: 'factory' } as const;
const request = {
  agent: 'blueprint',
  source: { kind: 'empty' },
  autonomy: 'auto',
  deliverUnproven: false,
  destinations: [],
} as const;
const created: NewEvent = {
  type: 'run.created',
  actor: factory,
  data: { name: 'x', request: { ...request, destinations: [] }, body: digest, promptHead: 'x' },
};

/** The lines of a run made of `events`. */
function linesOf(events: readonly NewEvent[]): string[] {
  let state: RunState | null = null;
  return [created, ...events].flatMap((fact, index) => {
    const event = {
      ...fact,
      runId: 'run_abcdefgh234567ab',
      seq: index + 1,
      at: '2026-01-01T00:00:00.000Z',
    } as RunEvent;
    const before: RunState | null = state;
    state = before ? foldEvent(before, event) : beginState(event);
    return eventLine(event, { state, before, paint: plainPaint }) ?? [];
  });
}

const opened = (notEnforced: string[]): NewEvent => ({
  type: 'workspace.opened',
  actor: factory,
  data: { driver: 'bwrap', notEnforced },
});

test('what is not enforced is said once', () => {
  const said = linesOf([opened(['CPU']), opened(['CPU']), opened(['CPU', 'Disk'])]).slice(1);
  expect(said).toEqual(['not enforced on this machine: CPU', 'not enforced on this machine: Disk']);
});

test('a tool call tells its title, or its name, and how it ended', () => {
  const call = (id: string, tool: string, title: string) => ({ id, tool, title });
  const ended = (callId: string, outcome: 'ok' | 'error', exitCode: number | null): NewEvent => ({
    type: 'tool.ended',
    actor: factory,
    data: { step: 1, callId, outcome, exitCode, durationMs: 1500, excerpt: '', body: digest },
  });
  const usage = { inputTokens: 0, cachedTokens: 0, outputTokens: 0, costUsd: 0 };
  const calls = [call('1', 'shell', 'npm\u001B[31m test'), call('2', 'finish', '')];
  const said = linesOf([
    { type: 'step.started', actor: factory, data: { step: 1, turn: 1 } },
    { type: 'step.answered', actor: factory, data: { step: 1, body: digest, text: '', calls, usage } },
    ended('1', 'error', 2),
    ended('2', 'ok', null),
  ]).slice(1);
  expect(said).toEqual(['  exit 2 npm [31m test 1.5 s', '  ok finish 1.5 s']);
});
