import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GuidanceSetting, type GuidanceList } from '@devfactory/contracts';

/** The folder `guidance` in the data directory, for those who set machines up with files: AGENTS.md. Read anew each time. */
export async function guidanceFiles(dataDir: string): Promise<GuidanceList['items']> {
  const text = await textOf(join(dataDir, 'guidance', 'AGENTS.md'));
  return text === null ? [] : [itemOf({ kind: 'instructions', name: 'agents-md', project: null, text })];
}

function itemOf(written: GuidanceSetting): GuidanceList['items'][number] {
  const parsed = GuidanceSetting.safeParse(written);
  const trouble = parsed.success ? '' : parsed.error.issues.map(({ message }) => message).join('; ');
  return { ...written, text: parsed.success ? written.text : '', from: 'file', trouble };
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
