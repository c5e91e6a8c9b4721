import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isBuilt, Place, type Running } from './command.ts';
import { writeScript } from './script.ts';

const hasSandbox = spawnSync('bwrap', ['--unshare-user', '--ro-bind', '/', '/', 'true']).status === 0;
const automatic = ['--auto-approve', '--export', 'zip:out.zip'];
const proven = { text: 'hello.txt shall greet.', status: 'proven' };

interface Summary {
  readonly type: string;
  readonly runId: string;
  readonly state: string;
  readonly requirements: readonly {
    readonly text: string;
    readonly status: string;
    readonly evidence: readonly object[];
  }[];
  readonly exports: readonly { readonly savedAs: readonly string[] }[];
}

function lastLine(out: string): Summary {
  return JSON.parse(out.trim().split('\n').at(-1) ?? '') as Summary;
}

let place: Place;
beforeEach(async () => {
  place = await Place.make();
});
afterEach(() => place.end());

/** Commands that find a running server are quick. */
async function serve(): Promise<Running> {
  const up = place.start('up', '--port', '0');
  await up.says('Ctrl-C stops it');
  return up;
}

// Each command that starts a server of its own takes its seconds, on a busy machine more of them.
const patient = { timeout: 180_000 };

describe.skipIf(!isBuilt || !hasSandbox)('devfactory run (needs the built back end and bubblewrap)', patient, () => {
  test('delivers a proven result with its proof, one JSON event per line and a summary at the end', async () => {
    const script = await writeScript(place.folder, { writes: 'hello\n' });
    const { out } = await place.expecting(0, 'run', 'Greet', '--script', script, ...automatic, '--json');
    const seqs = out
      .trim()
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { seq: number }).seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    const summary = lastLine(out);
    expect(summary).toMatchObject({ type: 'summary', state: 'delivered', requirements: [proven] });
    expect(summary.requirements[0]?.evidence).toHaveLength(2);
    expect(summary.exports[0]?.savedAs).toHaveLength(5);
    const saved = (await readdir(place.folder)).filter((name) => name.includes('out')).toSorted();
    expect(saved).toEqual(['out.proof.html', 'out.proof.json', 'out.provenance.json', 'out.sbom.json', 'out.zip']);
    expect(await readFile(join(place.folder, 'out.proof.json'), 'utf8')).toContain(summary.runId);
  });

  test('an agent that only claims to be done ends with 3, and nothing is saved', async () => {
    const script = await writeScript(place.folder, { writes: 'bye\n' });
    const { out, talk } = await place.expecting(3, 'run', 'Greet', '--script', script, ...automatic);
    expect(out).toContain('The one requirement is not proven');
    expect(out).toContain('failing');
    expect(talk).toContain('--unproven');
    expect(existsSync(join(place.folder, 'out.zip'))).toBe(false);
  });

  test('waits for a person, who approves plan and result, and saves the result later', async () => {
    const script = await writeScript(place.folder, { writes: 'hello\n' });
    await serve();
    const begun = await place.expecting(4, 'run', 'Greet', '--script', script, '--json');
    const { runId, state } = lastLine(begun.out);
    expect(state).toBe('waiting');
    expect((await place.run('show', 'last')).out).toContain('Plan 1 waits for approval');
    expect((await place.expecting(1, 'approve', runId, '--result')).talk).toContain('does not wait for its result');

    const worked = await place.expecting(4, 'approve', runId, '--follow', '--json');
    expect(lastLine(worked.out)).toMatchObject({ state: 'waiting', requirements: [proven] });

    const delivered = await place.expecting(0, 'approve', runId, '--export', 'zip:out.zip');
    expect(delivered.out).toContain(join(place.folder, 'out.zip'));
    await place.expecting(0, 'export', runId, 'zip:again.zip');
    const [first, second] = await Promise.all(
      ['out.zip', 'again.zip'].map((name) => readFile(join(place.folder, name))),
    );
    expect(second).toEqual(first);
    expect((await place.run('logs', runId, '--json')).out).toContain('"type":"export.delivered"');
  });

  test('what looks like a secret is not saved until a person says why it may go', async () => {
    const token = `ghp_${randomBytes(18).toString('hex')}`;
    const script = await writeScript(place.folder, { writes: `hello\n${token}\n` });
    await serve();
    const { runId } = lastLine((await place.expecting(4, 'run', 'Greet', '--script', script, '--json')).out);
    await place.expecting(4, 'approve', runId, '--follow');
    const stopped = await place.run('approve', runId, '--export', 'zip:out.zip');
    expect(stopped.code).not.toBe(0);
    expect(stopped.talk).toContain('GitHub token in hello.txt line 2');
    expect(existsSync(join(place.folder, 'out.zip'))).toBe(false);
    expect((await place.expecting(1, 'waive-secrets', runId)).talk).toContain('--reason');
    const waived = await place.expecting(0, 'waive-secrets', runId, '--reason', 'It was revoked.');
    expect(waived.talk).toContain('GitHub token in hello.txt line 2');
    await place.expecting(0, 'export', runId, 'zip:out.zip');
    expect(await readFile(join(place.folder, 'out.proof.json'), 'utf8')).toContain('It was revoked.');
    expect((await place.run('logs', runId)).out).toContain('let pass what looks like secrets: It was revoked.');
    expect((await place.expecting(1, 'waive-secrets', runId, '--reason', 'x')).talk).toContain(
      'Nothing in this result',
    );
    for (const { out, talk } of [stopped, waived]) expect(out + talk).not.toContain(token);
  });

  test('files of a workspace are moved and removed, never over others, and say so', async () => {
    const script = await writeScript(place.folder, { writes: 'bye\n' });
    await serve();
    await mkdir(join(place.folder, 'project'));
    await writeFile(join(place.folder, 'project', 'hello.txt'), 'bye\n');
    const begun = await place.expecting(4, 'run', 'Greet', '--script', script, '--source', 'project', '--json');
    const { runId } = lastLine(begun.out);
    const moved = await place.expecting(0, 'move-file', runId, 'hello.txt', 'words/bye.txt');
    expect(moved.talk).toContain('hello.txt is words/bye.txt now.');
    expect((await place.expecting(1, 'remove-file', runId, 'hello.txt')).talk).toContain('hello.txt');
    await place.expecting(0, 'remove-file', runId, 'words/bye.txt');
    const log = (await place.run('logs', runId, '--json')).out;
    expect(log).toMatch(/"file.changed".*"change":"moved"/);
    expect(log).toMatch(/"file.changed".*"change":"removed"/);
  });

  test('an unknown agent or run is told in a sentence', async () => {
    await serve();
    const agent = await place.expecting(2, 'run', 'Greet', '--agent', 'scriptd');
    expect(agent.talk).toContain('There is no agent scriptd; did you mean scripted?');
    const run = await place.expecting(1, 'show', 'run_aaaaaaaaaaaaaaaa');
    expect(run.talk).toContain('run_aaaaaaaaaaaaaaaa');
    expect(agent.out + run.out).toBe('');
  });

  test('Ctrl-C leaves in order and says how to go on; so it does', async () => {
    const script = await writeScript(place.folder, { writes: 'hello\n', shell: 'sleep 3' });
    const run = place.start('run', 'Greet', '--script', script, ...automatic);
    await run.says('working');
    run.child.kill('SIGINT');
    const left = await run.ended;
    expect(left.code).toBe(1);
    expect(left.talk).toContain('devfactory logs run_');
    const followed = await place.expecting(0, 'logs', 'last', '--follow');
    expect(followed.out).toContain('delivered');
    await place.expecting(0, 'export', 'last', 'zip:out.zip');
  });

  test('a run outlives the command whose server it used', async () => {
    const script = await writeScript(place.folder, { writes: 'hello\n', shell: 'sleep 5' });
    const up = await serve();
    const run = place.start('run', 'Greet', '--script', script, ...automatic);
    await run.says('working');
    up.child.kill('SIGINT');
    const { code, talk } = await run.ended;
    expect(talk).toContain('going on with another');
    expect(code).toBe(0);
  });

  test('a folder goes in as it is, and a backup restored elsewhere shows the same run', async () => {
    await mkdir(join(place.folder, 'source'));
    await writeFile(join(place.folder, 'source', 'kept.txt'), 'kept');
    const script = await writeScript(place.folder, { writes: 'hello\n' });
    const options = ['--script', script, '--source', 'source', ...automatic, '--json'];
    const { runId } = lastLine((await place.expecting(0, 'run', 'Greet', ...options)).out);
    expect((await readFile(join(place.folder, 'out.zip'))).includes('kept.txt')).toBe(true);

    const backup = await place.expecting(0, 'backup', 'all.backup');
    expect(backup.out.trim()).toBe(join(place.folder, 'all.backup'));
    const elsewhere = ['--data-dir', join(place.folder, 'other')];
    await place.expecting(0, 'restore', 'all.backup', ...elsewhere);
    const shown = await place.expecting(0, 'show', runId, '--json', ...elsewhere);
    expect(lastLine(shown.out)).toMatchObject({ state: 'delivered', requirements: [proven] });
    await place.expecting(0, 'export', runId, 'zip:again.zip', ...elsewhere);
    await place.expecting(1, 'restore', 'all.backup', ...elsewhere);
  });
});
