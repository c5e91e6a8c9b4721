import { setTimeout as pause } from 'node:timers/promises';
import type { WorkspaceFile } from '@devfactory/contracts';
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { eventually, Factory } from './factory.ts';

/** Keystrokes of each of two people; a thousand with DEVFACTORY_STROKES=1000. */
const strokes = Number(process.env['DEVFACTORY_STROKES'] ?? 150);
const agentSteps = 12;
const finish = { tool: 'finish', input: {} };
const propose = {
  summary: 'One file.',
  requirements: [
    { text: 'It is there.', checks: [{ title: 'it is', spec: { kind: 'file', path: 'a.txt', includes: ['top'] } }] },
  ],
};
const request = {
  prompt: 'One file.',
  agent: 'scripted',
  autonomy: 'auto',
  agentOptions: {
    plan: [{ calls: [{ tool: 'propose_requirements', input: propose }, finish] }],
    work: [
      {
        calls: [
          { tool: 'write', input: { path: 'a.txt', content: 'top\nagent 0\nbottom\n' } },
          { tool: 'write', input: { path: 'crlf.txt', content: 'one\r\ntwo\r\n' } },
          finish,
        ],
      },
      ...Array.from({ length: agentSteps }, (_, n) => ({
        calls:
          n % 3 === 2
            ? [
                {
                  tool: 'shell',
                  input: { command: `sleep 0.2; sed -i 's/^agent ${n}$/agent ${n}\\nagent ${n + 1}/' a.txt` },
                },
              ]
            : [
                {
                  tool: 'edit',
                  input: { path: 'a.txt', find: `agent ${n}\n`, replace: `agent ${n}\nagent ${n + 1}\n` },
                },
              ],
      })),
      { calls: [finish] },
    ],
    repair: [],
  },
};

let factory: Factory;
let id = '';
beforeAll(async () => {
  factory = await Factory.start({ limits: { editPauseMs: 300 } });
  id = await factory.create({ ...request, autonomy: 'approve-plan' });
  const state = await factory.until(id, ({ stage }) => stage.name === 'waiting');
  await factory.command(id, { do: 'approve-plan', version: state.plan.proposed });
  await factory.until(id, ({ stage }) => stage.name === 'waiting' && stage.for === 'review');
}, 90_000);
afterAll(() => factory.end());

const url = (runId: string): string => `${factory.server.url.replace('http', 'ws')}/api/runs/${runId}/workspace/shared`;
const share = async (path: string): Promise<string> =>
  ((await factory.ask(`/api/runs/${id}/workspace/shared`, { json: { path } })).json as { name: string }).name;
const onDisk = async (path: string): Promise<string | null> =>
  ((await factory.ask(`/api/runs/${id}/workspace/file?path=${path}`)).json as WorkspaceFile).text;

/** A person with the file open. */
class Person {
  readonly doc = new Y.Doc();
  readonly notes: string[] = [];
  readonly #socket: HocuspocusProviderWebsocket;
  readonly #provider: HocuspocusProvider;
  refused = '';
  #synced = false;

  constructor(name: string, runId = id) {
    const { token } = factory;
    class Authorised extends WebSocket {
      constructor(address: string) {
        super(address, { headers: { authorization: `Bearer ${token}` } });
      }
    }
    this.#socket = new HocuspocusProviderWebsocket({ url: url(runId), WebSocketPolyfill: Authorised });
    this.#provider = new HocuspocusProvider({
      name,
      document: this.doc,
      websocketProvider: this.#socket,
      token: 'of the cookie',
      onSynced: () => (this.#synced = true),
      onStateless: ({ payload }) => void this.notes.push(payload),
      onAuthenticationFailed: ({ reason }) => (this.refused = reason),
    });
    this.#provider.attach();
  }

  get text(): string {
    return this.doc.getText('text').toJSON();
  }

  synced(): Promise<void> {
    return eventually(async () => {
      if (!this.#synced) throw new Error('the document has not come yet');
    });
  }

  /** A line of its own, at the beginning of one of the lines there are. */
  type(line: string): void {
    const starts = [0, ...[...this.text.matchAll(/\n/g)].map(({ index }) => index + 1)];
    this.doc.getText('text').insert(starts[Math.floor(Math.random() * starts.length)] ?? 0, `${line}\n`);
  }

  close(): void {
    this.#provider.destroy();
    this.#socket.destroy();
  }
}

describe('one file that several type into', () => {
  test(
    `two people type ${strokes} times each while the agent edits it, and nothing of the three is lost`,
    { timeout: 300_000 },
    async () => {
      const name = await share('a.txt');
      expect(await share('a.txt')).toBe(name);
      const people = [new Person(name), new Person(name)];
      await Promise.all(people.map((person) => person.synced()));
      expect(people.map(({ text }) => text)).toEqual(['top\nagent 0\nbottom\n', 'top\nagent 0\nbottom\n']);
      await factory.command(id, { do: 'feedback', text: 'Go on.', mode: 'steer' });
      for (let stroke = 0; stroke < strokes; stroke++) {
        for (const [number, person] of people.entries()) person.type(`person ${number} stroke ${stroke}`);
        await pause(stroke % 10 === 0 ? 60 : 5);
      }
      const state = await factory.until(id, (now) => now.turns.length === 3 && now.stage.name === 'waiting', 120_000);
      const calls = state.steps.flatMap((step) => step.calls).filter(({ tool }) => tool === 'edit' || tool === 'shell');
      expect(calls.map(({ outcome, excerpt }) => (outcome === 'ok' ? '' : excerpt)).join('')).toBe('');
      await eventually(async () => {
        expect(people[0]?.text).toBe(people[1]?.text);
        expect(await onDisk('a.txt')).toBe(people[0]?.text);
      });
      const lines = people[0]?.text.split('\n') ?? [];
      const wanted = [
        'top',
        'bottom',
        ...Array.from({ length: agentSteps + 1 }, (_, n) => `agent ${n}`),
        ...[0, 1].flatMap((number) => Array.from({ length: strokes }, (_, n) => `person ${number} stroke ${n}`)),
      ];
      expect(lines.slice(0, -1).toSorted()).toEqual(wanted.toSorted());
      // What they typed is told as theirs, and not one event for each key.
      const events = (await factory.log(id)).filter((event) => event.type === 'file.changed');
      expect(events.length).toBeGreaterThan(0);
      expect(events.length).toBeLessThan(strokes);
      expect(events.every(({ actor }) => actor.kind === 'person')).toBe(true);
      for (const person of people) person.close();
    },
  );

  test('what the API and a command write comes into it, line ends stay, and a removed file ends it', async () => {
    const person = new Person(await share('crlf.txt'));
    await person.synced();
    expect(person.text).toBe('one\ntwo\n');
    person.type('typed');
    await eventually(async () => expect(await onDisk('crlf.txt')).toMatch(/typed\r\n/));
    const now = (await factory.ask(`/api/runs/${id}/workspace/file?path=crlf.txt`)).json as WorkspaceFile;
    const put = await factory.ask(`/api/runs/${id}/workspace/file?path=crlf.txt&expected=${now.digest}`, {
      method: 'PUT',
      body: `${now.text}put\r\n`,
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(put.status).toBe(200);
    await eventually(async () => expect(person.text).toMatch(/typed\n[\s\S]*put\n$/));
    await factory.ask(
      `/api/runs/${id}/workspace/file?path=crlf.txt&expected=${(put.json as { digest: string }).digest}`,
      {
        method: 'DELETE',
      },
    );
    await eventually(async () => expect(person.notes.join('')).toContain('was removed'));
    person.close();
  });

  test('the document of another run, an unknown one and a stranger are refused (D07)', async () => {
    const name = await share('a.txt');
    for (const [wished, runId] of [
      [name, 'run_aaaaaaaaaaaaaaaa'],
      [`${id}/other`, id],
    ] as const) {
      const person = new Person(wished, runId);
      await eventually(async () => expect(person.refused).not.toBe(''));
      expect(person.text).toBe('');
      person.close();
    }
    const knock = (headers: Record<string, string>): Promise<number> =>
      new Promise((resolve) => {
        const socket = new WebSocket(url(id), { headers });
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
        socket.on('open', () => {
          resolve(101);
          socket.close();
        });
        socket.on('error', () => undefined);
      });
    expect(await knock({})).toBe(401);
    expect(await knock({ authorization: `Bearer ${factory.token}`, origin: 'http://evil.example' })).toBe(403);
    // Its teeth: who may, gets in.
    expect(await knock({ authorization: `Bearer ${factory.token}` })).toBe(101);
    expect(await share('none.txt')).toBeNull();
  });
});
