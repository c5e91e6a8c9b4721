import type { Client } from '@devfactory/client';
import { RunId } from '@devfactory/contracts';
import { CliError, UsageError } from '../failure.ts';
import { oneLine } from '../terminal.ts';
import { typed } from '../typed.ts';

/** The run that a word means: its id, or `last` for the newest. */
export async function runOf(client: Client, word: string): Promise<string> {
  if (RunId.safeParse(word).success) return word;
  if (word !== 'last')
    throw new UsageError(
      `'${oneLine(word, 60)}' is no run: give its id, like run_abcdefgh234567ij, or last. See: ${typed('runs')}`,
    );
  const { runs } = await client.runs.list({ limit: 1 });
  const newest = runs[0];
  if (!newest) throw new CliError(`There is no run yet. Start one: ${typed('run "what should be built"')}`);
  return newest.id;
}
