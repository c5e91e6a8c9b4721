import { limits, parseRequirementList, type RequirementWish } from '@devfactory/contracts';
import { UsageError } from '../failure.ts';
import { readTextFile } from './text-file.ts';

/** Requirements of a Markdown or plain text file. Throws UsageError when there are none or some cannot be taken: none is dropped in silence. */
export async function readRequirementsFile(path: string): Promise<readonly RequirementWish[]> {
  const text = await readTextFile(path, { maxBytes: limits.requirementsFileBytes, what: 'requirements file' });
  const { wishes, skipped } = parseRequirementList(text);
  const lost = skipped.filter(({ why }) => why !== 'duplicate');
  if (lost.length > 0) {
    const lines = lost
      .slice(0, 10)
      .map(({ line, text: start, why }) => `  line ${line}: ${why}: ${start.slice(0, 60)}`);
    throw new UsageError(
      `Not all requirements of ${path} can be taken (at most ${limits.requirements}, each at most ${limits.requirementBytes} bytes):\n${lines.join('\n')}`,
    );
  }
  if (wishes.length === 0)
    throw new UsageError(`No requirement was found in ${path}: write each as a list item, e.g. "- Users can log in".`);
  return wishes;
}
