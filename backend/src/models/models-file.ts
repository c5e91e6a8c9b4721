import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelFigures, ModelRef } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import { z } from 'zod';
import { DayBudgets } from './day-budgets.ts';

const { contextTokens, outputTokens, inputUsd, cachedUsd, outputUsd } = ModelFigures.shape;
const Figures = z.strictObject({
  contextTokens: contextTokens.default(null),
  outputTokens: outputTokens.default(null),
  inputUsd: inputUsd.default(null),
  cachedUsd: cachedUsd.default(null),
  outputUsd: outputUsd.default(null),
});
const { dayUsd, personDayUsd } = DayBudgets.shape;
const Budgets = z.strictObject({ dayUsd: dayUsd.default(null), personDayUsd: personDayUsd.default(null) });

/** models.json in the data directory, for those who set machines up with files. */
const ModelsFile = z.strictObject({
  default: ModelRef.optional(),
  providers: z.record(z.string(), z.record(z.string(), z.string())).default({}),
  /** What models cost and hold; what is left out is not known. */
  figures: z.record(ModelRef, Figures).default({}),
  budgets: Budgets.optional(),
});
export type ModelsFile = z.infer<typeof ModelsFile>;

/** Empty when there is none. Throws DomainError when it is not valid, or when others may read it although it may hold keys. */
export async function readModelsFile(dataDir: string): Promise<ModelsFile> {
  const file = join(dataDir, 'models.json');
  let text: string;
  try {
    if (((await stat(file)).mode & 0o077) !== 0) {
      throw new DomainError('models_file_open', 'forbidden', {
        message: `${file} may be read by others and may hold keys: chmod 600 ${file}`,
      });
    }
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ModelsFile.parse({});
    throw error;
  }
  const parsed = ModelsFile.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  // Its values are not repeated: they may be keys.
  const places = parsed.error.issues.map((issue) => issue.path.join('.') || 'the file').join(', ');
  throw new DomainError('models_file_invalid', 'invalid', {
    message: `${file} is not valid at ${places}. It holds {"default": "PROVIDER/MODEL", "providers": {"openai": {"key": "…"}}, "figures": {"PROVIDER/MODEL": {"inputUsd": 1}}, "budgets": {"dayUsd": 20}}.`,
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
