import { CheckProposal, limits } from '@devfactory/contracts';
import type { z } from 'zod';
import { UsageError } from '../failure.ts';
import { readTextFile } from './text-file.ts';

/** One check as JSON, as agents propose them: { title, spec }. Throws UsageError with the place of each fault. */
export async function readCheckFile(path: string): Promise<z.input<typeof CheckProposal>> {
  const text = await readTextFile(path, { maxBytes: limits.checkFileBytes * 2, what: 'check' });
  const check = CheckProposal.safeParse(jsonOf(text, path));
  if (check.success) return check.data;
  const faults = check.error.issues.slice(0, 10).map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new UsageError(`The check ${path} cannot be taken:\n${faults.join('\n')}`);
}

function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(
      `The check ${path} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
