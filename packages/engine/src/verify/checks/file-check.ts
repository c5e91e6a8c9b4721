import type { FileCheck } from '@devfactory/contracts';
import type { SourceTree } from '@devfactory/kit';
import type { CheckLog } from '../log.ts';
import { failed, type Outcome, passed } from '../outcome.ts';
import { readSource } from '../prepare/source-view.ts';

const maxBytes = 20 * 1024 * 1024;

/** Reads a file from the checkpoint, on the host: no sandbox, nothing that could answer differently the second time. */
export async function fileCheck({
  tree,
  spec,
  log,
}: {
  readonly tree: SourceTree;
  readonly spec: FileCheck;
  readonly log: CheckLog;
}): Promise<Outcome> {
  const command = `file ${spec.path}`;
  const entry = tree.entries.find(
    ({ path, type, ...rest }) => path === spec.path && type !== 'directory' && !('raw' in rest),
  );
  if (entry?.type === 'symlink')
    return failed('assertion', { command, excerpt: `${spec.path} is a symbolic link, not a file.` });
  const bytes = await readSource(tree, { path: spec.path, maxBytes });
  if (bytes === null) {
    const excerpt = entry
      ? `${spec.path} is larger than ${maxBytes} bytes.`
      : `${spec.path} is not in the source tree.`;
    return failed(entry ? 'assertion' : 'absent', { command, excerpt });
  }
  log.line(`${spec.path}: ${bytes.length} bytes`);
  const text = Buffer.from(bytes).toString('utf8');
  const lacking = (spec.includes ?? []).find((part) => !text.includes(part));
  if (lacking !== undefined)
    return failed('assertion', { command, excerpt: `${spec.path} should include ${JSON.stringify(lacking)}.` });
  const extra = (spec.excludes ?? []).find((part) => text.includes(part));
  if (extra !== undefined)
    return failed('assertion', { command, excerpt: `${spec.path} should not include ${JSON.stringify(extra)}.` });
  return passed({ command, excerpt: `${spec.path} is there and says what it should.` });
}
