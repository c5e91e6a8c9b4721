export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

export interface Pull {
  readonly number: number;
  /** OWNER/REPO that it is for. */
  readonly repository: string;
  state: 'open' | 'closed';
  title: string;
  body: string;
  readonly draft: boolean;
  readonly base: string;
  readonly branch: string;
  /** OWNER/REPO that its branch is in. */
  readonly from: string;
  readonly labels: Set<string>;
  merged_at: string | null;
}

export interface ForgeIssue {
  readonly number: number;
  readonly labels?: readonly { readonly name: string }[];
  readonly [part: string]: unknown;
}

export interface Status {
  readonly state: string;
  readonly context: string;
  readonly description: string;
}

export interface CheckRun {
  readonly id: number;
  readonly head_sha: string;
  readonly external_id: string;
  readonly name: string;
  conclusion: string;
  output: { readonly title: string };
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
}

/** What a list that is asked for `since` still holds. */
export function changedSince<T extends { readonly [part: string]: unknown }>(
  items: readonly T[],
  query: URLSearchParams,
): T[] {
  const since = Date.parse(query.get('since') ?? '1970-01-01T00:00:00Z');
  return items.filter(({ updated_at: updated, created_at: created }) =>
    [updated, created].every((at) => typeof at !== 'string' || Date.parse(at) >= since),
  );
}

export function headOf({ from, branch }: Pull): string {
  return `${from.split('/')[0] ?? ''}:${branch}`;
}
