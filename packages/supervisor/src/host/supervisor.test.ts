import { duplexPair } from 'node:stream';
import { expect, test } from 'vitest';
import type { Channel } from '../protocol/channel.ts';
import { Connection } from '../protocol/connection.ts';
import { Supervisor } from './supervisor.ts';

class Failure extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A host that talks to a sandbox whose supervisor was taken over: it speaks the protocol and lies. */
function hostOf(lie: (channel: Channel) => Promise<void>): { host: Supervisor; closed: Promise<Error | null> } {
  const [stream, raw] = duplexPair();
  const closed = Promise.withResolvers<Error | null>();
  const liar = new Connection(raw, {
    side: 'sandbox',
    maxForeignChannels: 100,
    onOpen: (channel) => void lie(channel).catch(() => undefined),
    onClose: () => undefined,
  });
  const host = new Supervisor(stream, {
    fail: (code, message) => new Failure(code, message),
    egress: null,
    onClose: closed.resolve,
    maxFileBytes: 1_000_000,
    maxEntries: 1_000,
  });
  liar.open({ op: 'ready' }).end();
  return { host, closed: closed.promise };
}

const entry = {
  path: 'a',
  raw: false,
  type: 'file',
  mode: 0o644,
  size: 1,
  mtimeMs: 0,
  stamp: '',
  target: null,
  unreadable: null,
};
const begun = { is: 'walk', since: null };
const nothing = { is: 'entries', entries: [], gone: [], leftOut: [] };
const exit = {
  is: 'exit',
  exitCode: 0,
  signal: null,
  timedOut: false,
  durationMs: 1,
  sizes: [0, 0, 0, 0],
  dropped: [0, 0],
};
const run = { argv: ['true'], timeoutMs: 1_000, outputBytes: 1_000 };

const lies: { what: string; tell: (channel: Channel) => Promise<void>; ask: (host: Supervisor) => Promise<unknown> }[] =
  [
    {
      what: 'an answer of another shape',
      tell: (channel) => channel.send({ ports: ['x'] }),
      ask: (host) => host.ports(),
    },
    { what: 'a port that is none', tell: (channel) => channel.send({ ports: [70_000] }), ask: (host) => host.ports() },
    {
      what: 'more than was asked for',
      tell: (channel) => channel.send({ ports: [], more: 1 }),
      ask: (host) => host.ports(),
    },
    {
      what: 'a file larger than its limit',
      tell: (channel) => channel.send({ is: 'file', size: 1_000_001 }),
      ask: (host) => host.files.read('x', { maxBytes: 1_000_000 }),
    },
    {
      what: 'more bytes than announced',
      tell: async (channel) => {
        await channel.send({ is: 'file', size: 1 });
        await channel.write(Buffer.from('two'));
      },
      ask: (host) => host.files.read('x'),
    },
    {
      what: 'more output than allowed',
      tell: (channel) => channel.send({ ...exit, sizes: [2_000, 0, 0, 0] }),
      ask: (host) => host.exec(run),
    },
    {
      what: 'an exit code that is text',
      tell: (channel) => channel.send({ ...exit, exitCode: '0' }),
      ask: (host) => host.exec(run),
    },
    {
      what: 'a kind of file that does not exist',
      tell: async (channel) => {
        await channel.send(begun);
        await channel.send({ ...nothing, entries: [{ ...entry, type: 'x' }] });
      },
      ask: (host) => host.files.walk(),
    },
    {
      what: 'a file gone that never was there',
      tell: async (channel) => {
        await channel.send(begun);
        await channel.send({ ...nothing, gone: ['never'] });
      },
      ask: (host) => host.files.walk(),
    },
    {
      what: 'what differs from a walk that never was',
      tell: (channel) => channel.send({ ...begun, since: 7 }),
      ask: (host) => host.files.walk(),
    },
    { what: 'nothing but the end', tell: async (channel) => channel.end(), ask: (host) => host.ports() },
  ];

test.each(lies)('a supervisor that answers with $what is ended', async ({ tell, ask }) => {
  const { host, closed } = hostOf(tell);
  await host.ready;
  await expect(ask(host)).rejects.toMatchObject({ code: 'workspace_gone' });
  expect(await closed).toMatchObject({ name: 'ProtocolError' });
});

test('a walk without end is given up', async () => {
  const { host } = hostOf(async (channel) => {
    await channel.send(begun);
    for (;;) await channel.send({ ...nothing, entries: Array.from({ length: 100 }, () => entry) });
  });
  await expect(host.files.walk()).rejects.toMatchObject({ code: 'too_large' });
  host.close();
});

test('a refusal has the words of the sandbox, cut to a size', async () => {
  const { host } = hostOf(async (channel) => channel.reset('x'.repeat(500), 'why '.repeat(5_000)));
  const error = (await host.ports().catch((thrown: unknown) => thrown)) as Failure;
  expect(error.code.length).toBeLessThanOrEqual(60);
  expect(error.message.length).toBeLessThanOrEqual(2_000);
  host.close();
});

test('a watch of ports ends with the reader, and a lie in it ends the sandbox', async () => {
  const resets: unknown[] = [];
  const { host } = hostOf(async (channel) => {
    channel.whenFailed((error) => resets.push(error));
    await channel.send({ ports: [80] });
  });
  for await (const ports of host.watchPorts(new AbortController().signal)) {
    expect(ports).toEqual([80]);
    break;
  }
  await expect.poll(() => resets.length).toBe(1);
  host.close();

  const { host: deceived, closed } = hostOf(async (channel) => channel.send({ ports: [80, 'x'] }));
  await expect(deceived.watchPorts(new AbortController().signal)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    code: 'workspace_gone',
  });
  expect(await closed).toMatchObject({ name: 'ProtocolError' });
});
