import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiError } from '@devfactory/client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { failureOf, runCli } from './cli.ts';
import { plainPaint } from './terminal.ts';

let folder: string;
let dataDir: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'devfactory-cli-'));
  dataDir = join(folder, 'data');
  vi.stubEnv('DEVFACTORY_DATA_DIR', dataDir);
  await writeFile(join(folder, 'taken.zip'), '');
  await writeFile(join(folder, 'binary.md'), Uint8Array.of(0xff, 0xfe, 0));
  await writeFile(join(folder, 'empty.md'), '# Nothing\n');
  await writeFile(join(folder, 'broken.json'), '{');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** Runs a command in this process; '@/' in an argument stands for the test's folder. */
async function run(...args: readonly string[]): Promise<{ code: number; out: string; talk: string }> {
  let out = '';
  let talk = '';
  const terminal = {
    out: (text: string) => void (out += `${text}\n`),
    talk: (text: string) => void (talk += `${text}\n`),
    outPaint: plainPaint,
    talkPaint: plainPaint,
  };
  const code = await runCli(
    args.map((arg) => arg.replace('@/', `${folder}/`)),
    terminal,
  );
  return { code, out, talk };
}

const refusals: readonly (readonly [string, readonly string[], string])[] = [
  ['an unknown command', ['rnu'], 'did you mean run?'],
  ['an unknown option', ['run', '--exprot', 'zip:x', 'hi'], 'did you mean --export?'],
  ['an option of another command', ['up', '--agent', 'x'], 'There is no option --agent'],
  ['a missing word', ['show'], 'It is written: devfactory show RUN'],
  ['an empty prompt', ['run', '  '], 'The prompt is empty'],
  ['a prompt of 120 kB', ['run', 'x'.repeat(120_000)], 'The prompt is too long'],
  [
    'a requirements file that is not there',
    ['run', 'hi', '--requirements', '@/none.md'],
    'There is no requirements file',
  ],
  ['a binary requirements file', ['run', 'hi', '--requirements', '@/binary.md'], 'not a text in UTF-8'],
  ['a requirements file without any', ['run', 'hi', '--requirements', '@/empty.md'], 'No requirement was found'],
  ['a script that is no JSON', ['run', 'hi', '--script', '@/broken.json'], 'is not valid JSON'],
  [
    'a script for another agent',
    ['run', 'hi', '--script', '@/broken.json', '--agent', 'blueprint'],
    'belongs to the agent scripted',
  ],
  ['the scripted agent without a script', ['run', 'hi', '--agent', 'scripted'], '--script FILE'],
  ['a model without its provider', ['run', 'hi', '--model', 'gpt'], 'PROVIDER/MODEL'],
  ['a budget that is no amount', ['run', 'hi', '--budget', '-1'], '--budget=-1'],
  ['a budget of nothing', ['run', 'hi', '--budget', '0'], 'above 0'],
  ['an unknown kind of export', ['run', 'hi', '--export', 'ftp:x'], 'no kind of export'],
  ['an export over a file', ['run', 'hi', '--export', 'zip:@/taken.zip'], '--force'],
  ['an export into nowhere', ['run', 'hi', '--export', 'zip:@/none/x.zip'], 'mkdir -p'],
  ['delivering unproven without --auto-approve', ['run', 'hi', '--deliver-unproven'], 'goes with --auto-approve'],
  ['a source that is not there', ['run', 'hi', '--source', '@/none'], 'There is no folder or ZIP'],
  ['a source that is no ZIP', ['run', 'hi', '--source', '@/binary.md'], 'is no ZIP'],
  ['a port that is none', ['up', '--port', '70000'], 'is no port'],
  ['two approvals at once', ['approve', 'last', '--plan', '--result'], 'Choose one'],
  ['a backup into nowhere', ['backup', '@/none/x'], 'mkdir -p'],
  ['a backup that is not there', ['restore', '@/none'], 'There is no backup file'],
];

describe('what cannot be meant is refused with what to do, before anything starts', () => {
  test.each(refusals)('%s', async (_, args, words) => {
    const { code, out, talk } = await run(...args);
    expect(talk).toContain(words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(existsSync(dataDir)).toBe(false);
  });
});

test('help and version are results', async () => {
  const { code, out, talk } = await run('help');
  expect({ code, talk }).toEqual({ code: 0, talk: '' });
  expect(out).toContain('restore-checkpoint');
  expect((await run('help', 'run')).out).toContain('--deliver-unproven');
  expect((await run('run', '--help')).out).toContain('--deliver-unproven');
  expect((await run('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('a refusal of the server is told once, all its parts are named, and what was typed wrongly ends with 2', () => {
  const refused = (status: number, ...messages: string[]) =>
    failureOf(
      new ApiError({
        type: 'about:blank',
        title: '',
        status,
        code: 'x',
        detail: `prompt: ${messages[0] ?? ''}`,
        issues: messages.map((message) => ({ path: 'prompt', message })),
      }),
    );
  expect(refused(422, 'too short')).toEqual({ message: 'prompt: too short', exitCode: 2 });
  expect(refused(422, 'too short', 'too plain')?.message).toBe('prompt: too short\n  prompt: too plain');
  expect([400, 413, 415, 409, 424].map((status) => refused(status, 'x')?.exitCode)).toEqual([2, 2, 2, 1, 1]);
});
