import { ToolResult } from '@devfactory/contracts';
import { cutHead } from '../text/cut-text.ts';
import type { ToolContext } from './tool.ts';

const knowing = new Set(['read', 'write', 'edit']);
/** Of a file that the agent never saw; no file has it. */
const nothing = '0'.repeat(64);

/**
 * What the agent last saw of a file that a person changed: the digest that a write must find. Undefined for a file that no person
 * changed, which an agent may write as it likes.
 */
export async function seenByAgent(session: ToolContext['session'], path: string): Promise<string | undefined> {
  const { state, deps } = session;
  if (!state.edits.some((edit) => edit.path === path)) return undefined;
  const title = cutHead(path, 300);
  for (const record of state.steps.toReversed()) {
    for (const call of record.calls.toReversed()) {
      if (!knowing.has(call.tool) || call.title !== title || call.outcome !== 'ok' || !call.body) continue;
      const result = ToolResult.parse(JSON.parse(new TextDecoder().decode(await deps.blobs.get(call.body))));
      const seen = result.files?.find((file) => file.path === path);
      if (seen) return seen.digest;
    }
  }
  return nothing;
}
