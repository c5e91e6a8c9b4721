import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { Rpc } from './rpc.ts';

const children: ReturnType<typeof spawn>[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A real program that reads lines as `message` and says what it likes. */
function server(body: string): Rpc {
  const code = `const say = (value) => process.stdout.write(JSON.stringify(value) + '\\n');
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => { const message = JSON.parse(line); ${body} });`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['pipe', 'pipe', 'ignore'] });
  children.push(child);
  child.stdin.on('error', () => {});
  return new Rpc(Duplex.from({ readable: child.stdout, writable: child.stdin }));
}

const signal = new AbortController().signal;
const soon = { timeoutMs: 20_000, signal };

test('answers come to their questions in any order, beside noise, pings and questions of the server', async () => {
  const rpc = server(`globalThis.said ??= [];
    if (message.method === 'late') setTimeout(() => say({ id: message.id, result: 'late' }), 50);
    if (message.method === 'now') {
      process.stdout.write('listening on stdio\\n[1]\\n');
      say({ id: 900, method: 'ping' });
      say({ id: 901, method: 'sampling/createMessage', params: {} });
      say({ jsonrpc: '2.0', id: message.id, result: { text: 'é🙂' } });
    }
    if (message.id >= 900) said.push(message);
    if (message.method === 'said') say({ id: message.id, result: said });`);
  const late = rpc.ask('late', {}, soon);
  expect(await rpc.ask('now', {}, soon)).toEqual({ text: 'é🙂' });
  expect(await late).toBe('late');
  expect(await rpc.ask('said', {}, soon)).toEqual([
    { jsonrpc: '2.0', id: 900, result: {} },
    { jsonrpc: '2.0', id: 901, error: { code: -32601, message: 'not offered' } },
  ]);
});
test('what a server refuses is said in its words', async () => {
  const rpc = server(`say({ id: message.id, error: { code: 1, message: 'no such tool' } });`);
  await expect(rpc.ask('x', {}, soon)).rejects.toThrow('no such tool');
  expect(rpc.over).toBeNull();
});
test('a server that does not answer is left after its time, and the next question is asked', async () => {
  const rpc = server(`if (message.method === 'hello') say({ id: message.id, result: 1 });`);
  await expect(rpc.ask('hang', {}, { timeoutMs: 300, signal })).rejects.toThrow('no answer within');
  expect(await rpc.ask('hello', {}, soon)).toBe(1);
});
test('a person who stops waiting is not held up', async () => {
  const controller = new AbortController();
  const asked = server('').ask('hang', {}, { ...soon, signal: controller.signal });
  controller.abort();
  await expect(asked).rejects.toThrow('interrupted');
});
test.each([
  ['dies', 'process.exit(1);', 'it ended'],
  ['sends one line without an end', `process.stdout.write('x'.repeat(3e6));`, 'a line of more than 2 MB'],
  [
    'floods with lines',
    `setInterval(() => { for (let i = 0; i < 99; i++) say({ method: 'n', text: 'x'.repeat(9e3) }); }, 1);`,
    'that nobody asked for',
  ],
])('a server that %s is over, for this question and all others', async (_, body, reason) => {
  const rpc = server(body);
  const asked = [rpc.ask('x', {}, soon), rpc.ask('y', {}, soon)];
  for (const question of asked) await expect(question).rejects.toThrow(reason);
  await expect(rpc.ask('z', {}, soon)).rejects.toThrow(reason);
  expect(rpc.over).toContain(reason);
});
