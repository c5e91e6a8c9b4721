import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ModelServer } from '@devfactory/kit/testing/model-server';
import { memoryOf, processTree } from '../stage/processes.ts';
import { peers } from './programs.ts';
import { TaskScript, type Told, type Trouble } from './script.ts';

export interface PeerTold extends Told {
  readonly code: number | null;
  readonly ms: number;
  /** The most that its processes held at once, each page counted once; 0 when nobody looked. */
  readonly memory: number;
  /** Numbers that the steps left. */
  readonly left: readonly string[];
  readonly tail: string;
}

const lookMs = 100;
const tailBytes = 600;

/*
 * One peer at one task, with the model beside it: a process of its own in a sandbox without a way out, so that loopback is all there is and
 * nothing stays behind. Arguments: the peer, the room (a folder for its home and its work), the trouble, milliseconds, and `memory` where somebody
 * looks at that, which takes the processor from whoever is looked at. Tells a line of JSON.
 */
const [name = '', room = '', trouble = '', limit = '', looks = ''] = process.argv.slice(2);
const peer = peers.find((item) => item.name === name);
if (!peer) throw new Error(`there is no peer '${name}'`);
const script = new TaskScript(JSON.parse(trouble) as Trouble);
const server = await ModelServer.start((request) => script.answer(request));
server.models = [{ id: 'scripted', max_model_len: 200_000 }];
const [home, work] = [join(room, 'home'), join(room, 'work')];
await mkdir(work, { recursive: true });
for (const [path, text] of Object.entries(peer.files(server.url))) {
  await mkdir(dirname(join(home, path)), { recursive: true });
  await writeFile(join(home, path), text);
}
const prompt = 'Write a program that greets, in thirty steps.';
const commands = peer.commands(server.url);
let tail = '';
let memory = 0;
let code: number | null = null;
const started = performance.now();
for (const [at, command] of commands.entries()) {
  const [program = '', ...words] = at === commands.length - 1 ? [...command, prompt] : command;
  const child = spawn(program, words, {
    cwd: work,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: home, LANG: 'C.UTF-8', CI: '1', ...peer.env?.(server.url) },
    timeout: Number(limit),
    killSignal: 'SIGKILL',
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (tail = (tail + chunk.toString()).slice(-tailBytes)));
  const ended = once(child, 'exit') as Promise<[number | null]>;
  let open = true;
  void ended.finally(() => (open = false)).catch(() => undefined);
  while (open && looks === 'memory') {
    const tree = (await processTree(child.pid ?? 0)).filter((pid) => pid !== 0);
    memory = Math.max(memory, (await memoryOf(tree)).once);
    await Promise.race([ended, pause(lookMs)]);
  }
  [code] = await ended;
}
const told: PeerTold = {
  ...script.tell(),
  code,
  ms: performance.now() - started,
  memory,
  left: (await readFile(join(work, 'steps.txt'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== ''),
  tail,
};
process.stdout.write(`\n${JSON.stringify(told)}\n`);
process.exit(0);
