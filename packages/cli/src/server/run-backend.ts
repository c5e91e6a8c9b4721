import { spawn } from 'node:child_process';
import { exitCodes } from '../exit-code.ts';
import { CliError } from '../failure.ts';
import { backendProgram, type BackendProgram } from './backend-program.ts';

/** Runs a program of the back end to its end. Its words on stderr are for the person; its one line on stdout comes back. Throws CliError. */
export async function runBackend(
  program: BackendProgram,
  words: readonly string[],
  { failed }: { readonly failed: string },
): Promise<string> {
  const args = ['--enable-source-maps', backendProgram(program), ...words];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number>((done, failed) => {
    child.on('error', failed);
    child.on('close', (code) => done(code ?? 1));
  });
  let receipt = '';
  for await (const chunk of child.stdout) receipt += String(chunk);
  const code = await ended;
  if (code !== 0)
    throw new CliError(failed, { exitCode: code === exitCodes.usage ? exitCodes.usage : exitCodes.failed });
  return receipt.trim();
}
