import type { Client } from '@devfactory/client';
import { CliError } from '../failure.ts';
import { typed } from '../typed.ts';

/** The run that a word means: its id, or `last` for the newest. */
export async function runOf(client: Client, word: string): Promise<string> {
  if (word !== 'last') return word;
  const { runs } = await client.runs.list({ limit: 1 });
  const newest = runs[0];
  if (!newest) throw new CliError(`There is no run yet. Start one: ${typed('run "what should be built"')}`);
  return newest.id;
}
