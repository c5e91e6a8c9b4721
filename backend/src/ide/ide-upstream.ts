import type { Upstream } from '../gateway/upstream.ts';
import type { Ides } from './ides.ts';

/** VS Code behind `ide--<workspace>`. It calls itself alone: a page of the app under work may not act through it. */
export function ideUpstream(ides: Ides): Upstream {
  return { calledBy: 'itself', connect: ({ runId }) => ides.connect(runId) };
}
