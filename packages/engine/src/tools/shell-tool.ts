import type { ExecResult, Workspace } from '@devfactory/kit';
import type { ServiceView } from '../services/live-services.ts';
import { cutLines, cutText } from '../text/cut-text.ts';
import { failed, ok, type InputOf, type ToolContext, type ToolOutcome } from './tool.ts';

const answerLimits = { lines: 2000, characters: 50_000 };
/** Of each stream; more than an answer shows is put into a file. */
const keptBytes = 4 * 1024 * 1024;
const mostProcesses = 8;
const longestProcessMs = 24 * 60 * 60 * 1000;

/** A command in the workspace's sandbox. Its end, output and exit code are what happened, also when it failed. */
export async function shell(context: ToolContext, input: InputOf<'shell'>): Promise<ToolOutcome> {
  const { session } = context;
  if (input.command.includes('\0')) return failed('A command cannot contain a NUL character.');
  const workspace = await session.workspace();
  const services = await session.services(workspace);
  if (input.background) return startProcess(context, { workspace, services, command: input.command });
  const timeoutMs = input.timeoutMs ?? session.limits.shellTimeoutMs;
  const cancelled = session.journal.cancelled();
  try {
    const done = await workspace.exec(
      { argv: ['/bin/bash', '-c', input.command], env: services.env, timeoutMs, outputBytes: keptBytes },
      cancelled.signal,
    );
    const dropped = done.dropped > 0 ? ` ${done.dropped} bytes of output were dropped.` : '';
    const output = [done.stdout, done.stderr].filter((text) => text !== '').join('\n');
    const state = [...services.troubles, `${endOf(done, timeoutMs)}${dropped}`].join('\n');
    const text = await fittingOutput(workspace, state, output);
    return { result: { outcome: done.exitCode === 0 ? 'ok' : 'error', text, exitCode: done.exitCode }, facts: [] };
  } finally {
    cancelled.end();
  }
}

/** What a process said so far, or its end. One whose worker ended is gone with it. */
export async function processTool({ session }: ToolContext, input: InputOf<'process'>): Promise<ToolOutcome> {
  const known = session.processes.get(input.id);
  if (!known) {
    const ids = [...session.processes.keys()].join(', ') || 'none';
    return failed(
      `There is no process ${input.id} (running: ${ids}). A process ends when its sandbox does; start it again.`,
    );
  }
  const ended = await Promise.race([known.exited, Promise.resolve(null)]);
  if (input.do === 'stop') {
    await known.kill();
    session.processes.delete(input.id);
  } else if (ended) session.processes.delete(input.id);
  const state = ended ? endOf(ended, 0) : input.do === 'stop' ? 'Stopped.' : 'Running.';
  return ok(await fittingOutput(await session.workspace(), state, known.output()));
}

async function startProcess(
  { session, step }: ToolContext,
  {
    workspace,
    services,
    command,
  }: { readonly workspace: Workspace; readonly services: ServiceView; readonly command: string },
): Promise<ToolOutcome> {
  if (session.processes.size >= mostProcesses)
    return failed(`${mostProcesses} processes run already; stop one of ${[...session.processes.keys()].join(', ')}.`);
  const process = await workspace.start({
    argv: ['/bin/bash', '-c', command],
    env: services.env,
    timeoutMs: longestProcessMs,
    outputBytes: 256 * 1024,
  });
  // What was stopped leaves its number free; what runs keeps it.
  let number = 1;
  while (session.processes.has(`p${step}-${number}`)) number += 1;
  const id = `p${step}-${number}`;
  session.processes.set(id, process);
  return ok([...services.troubles, `Started ${id}. Tool process shows its output and stops it.`].join('\n'));
}

function endOf(done: ExecResult, timeoutMs: number): string {
  if (done.timedOut) return `Stopped after ${timeoutMs} ms.`;
  return done.signal ? `Ended by ${done.signal}.` : `Exit code ${done.exitCode}.`;
}

/** Output as it fits into an answer; a longer one is put whole into a file of the sandbox, outside of the project. */
export async function fittingOutput(workspace: Workspace, state: string, output: string): Promise<string> {
  if (output === '') return state;
  const cut = cutText(cutLines(output, answerLimits.lines), answerLimits.characters);
  if (cut === output) return `${state}\n${output}`;
  const path = `/tmp/output-${Date.now().toString(36)}.txt`;
  const written = await workspace.exec({
    argv: ['/usr/bin/tee', path],
    stdin: output,
    timeoutMs: 30_000,
    outputBytes: 1,
  });
  const where = written.exitCode === 0 ? ` All of it is in ${path}; look into it with sed or grep.` : '';
  return `${state} The output is long: its head and tail are shown.${where}\n${cut}`;
}
