import { limits } from '@devfactory/contracts';
import { z } from 'zod';
import { UsageError } from '../failure.ts';
import { readTextFile } from './text-file.ts';

/** The JSON of a scripted agent's file; what it must hold is the agent's matter, which answers before the run is created. */
export async function readScriptFile(path: string): Promise<z.core.util.JSONType> {
  const text = await readTextFile(path, { maxBytes: limits.scriptBytes, what: 'script' });
  try {
    return z.json().parse(JSON.parse(text));
  } catch (error) {
    throw new UsageError(
      `The script ${path} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
