import type { AddressInfo } from 'node:net';
import { createClient } from '@devfactory/client';
import { foldRun } from '@devfactory/contracts';
import { afterEach, expect, test } from 'vitest';
import { working } from '../../test/replay/library.ts';
import { serveStories } from '../../test/replay/server.ts';
import { Story } from '../../test/replay/story.ts';
import { openRunStream, type RunSnapshot, type RunStream } from './run-stream.ts';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

async function serve(stories: readonly Story[]): Promise<string> {
  const server = serveStories(stories);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function until(stream: RunStream, holds: (snapshot: RunSnapshot) => boolean): Promise<RunSnapshot> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!holds(stream.snapshot())) return;
      leave();
      resolve(stream.snapshot());
    };
    const leave = stream.subscribe(look);
    look();
  });
}

const id = `run_${'t'.repeat(16)}`;

test('gives the state first, then every event once and in order, also beyond one page', async () => {
  const story = working(new Story(id, new Date(0)));
  for (let count = 0; count < 1300; count += 1)
    story.tell('feedback.given', { feedbackId: `x${count}`, mode: 'queue', text: 'more' });
  const stream = openRunStream(createClient({ baseUrl: await serve([story]) }), id, (work) => setImmediate(work));
  open.push(stream.close);
  const snapshot = await until(stream, ({ whole, connection }) => whole && connection === 'live');
  expect(snapshot.events.map((event) => event.seq)).toEqual(story.events.map((event) => event.seq));
  expect(snapshot.state).toEqual(foldRun(story.events));
});

test('says that a run is not there, and reads it when asked again', async () => {
  const stories: Story[] = [];
  const stream = openRunStream(createClient({ baseUrl: await serve(stories) }), id, (work) => setImmediate(work));
  open.push(stream.close);
  expect((await until(stream, ({ connection }) => connection === 'failed')).error).toMatchObject({
    code: 'unknown_run',
  });
  stories.push(working(new Story(id, new Date(0))));
  stream.retry();
  expect((await until(stream, ({ whole }) => whole)).state?.id).toBe(id);
});
