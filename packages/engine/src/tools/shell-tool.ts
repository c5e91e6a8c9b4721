import { cutLines, cutText } from '../text/cut-text.ts';
import { failed, type InputOf, type ToolContext, type ToolOutcome } from './tool.ts';

const answerLimits = { lines: 2000, characters: 50_000 };

/** A command in the workspace's sandbox. Its end, output and exit code are what happened, also when it failed. */
export async function shell({ session }: ToolContext, input: InputOf<'shell'>): Promise<ToolOutcome> {
  if (input.command.includes('\0')) return failed('A command cannot contain a NUL character.');
  const workspace = await session.workspace();
  const timeoutMs = input.timeoutMs ?? session.limits.shellTimeoutMs;
  const cancelled = session.journal.cancelled();
  try {
    const done = await workspace.exec(
      { argv: ['/bin/bash', '-c', input.command], timeoutMs, outputBytes: 256 * 1024 },
      cancelled.signal,
    );
    const output = [done.stdout, done.stderr].filter((text) => text !== '').join('\n');
    const ends = done.timedOut
      ? `Stopped after ${timeoutMs} ms.`
      : done.signal
        ? `Ended by ${done.signal}.`
        : `Exit code ${done.exitCode}.`;
    const dropped = done.dropped > 0 ? ` ${done.dropped} bytes of output were dropped.` : '';
    const text = cutText(cutLines(`${ends}${dropped}\n${output}`, answerLimits.lines), answerLimits.characters);
    return { result: { outcome: done.exitCode === 0 ? 'ok' : 'error', text, exitCode: done.exitCode }, facts: [] };
  } finally {
    cancelled.end();
  }
}
