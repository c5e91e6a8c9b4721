import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelRef } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import { z } from 'zod';

/** models.json in the data directory, for those who set machines up with files. */
const ModelsFile = z.strictObject({
  default: ModelRef.optional(),
  providers: z.record(z.string(), z.record(z.string(), z.string())).default({}),
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
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { providers: {} };
    throw error;
  }
  const parsed = ModelsFile.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  // Its values are not repeated: they may be keys.
  const places = parsed.error.issues.map((issue) => issue.path.join('.') || 'the file').join(', ');
  throw new DomainError('models_file_invalid', 'invalid', {
    message: `${file} is not valid at ${places}. It holds {"default": "PROVIDER/MODEL", "providers": {"openai": {"key": "…"}}}.`,
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
