import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Wanted {
  /** What the agent writes; the check wants 'hello' in it. */
  readonly writes: string;
  /** A command that the agent runs first, e.g. to take its time. */
  readonly shell?: string;
}

/** Writes a script for the agent `scripted`: one requirement, one check on a file, one step of work. */
export async function writeScript(folder: string, { writes, shell }: Wanted): Promise<string> {
  const check = { title: 'hello.txt greets', spec: { kind: 'file', path: 'hello.txt', includes: ['hello'] } };
  const requirement = { text: 'hello.txt shall greet.', checks: [check] };
  const script = {
    plan: [{ calls: [{ tool: 'propose_requirements', input: { requirements: [requirement] } }, finish] }],
    work: [
      ...(shell === undefined ? [] : [{ calls: [{ tool: 'shell', input: { command: shell } }] }]),
      {
        text: 'Done, all of it works.',
        calls: [{ tool: 'write', input: { path: 'hello.txt', content: writes } }, finish],
      },
    ],
  };
  const path = join(folder, 'script.json');
  await writeFile(path, JSON.stringify(script));
  return path;
}

const finish = { tool: 'finish', input: { summary: 'done' } };
