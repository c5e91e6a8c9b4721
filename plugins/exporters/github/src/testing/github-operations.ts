import operations from './github-operations.json' with { type: 'json' };
import type { Operation } from './operation.ts';

/** What GitHub's OpenAPI description says of the calls that are made here, as `description.long.test.ts` finds it in npm's @octokit/openapi. */
export const excerpt: { readonly version: string; readonly operations: Readonly<Record<string, Operation>> } =
  operations;
