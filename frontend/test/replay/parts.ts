import type { Evidence, Mutant } from '@devfactory/contracts';
import { agent, factory, sha, verifier, type Story } from './story.ts';

interface Said {
  readonly text: string;
  readonly calls: readonly (readonly [string, string])[];
  /** Index of the call that fails. */
  readonly failing?: number;
}

export function answer(story: Story, number: number, { text, calls }: Said): void {
  story.tell(
    'step.answered',
    {
      step: number,
      body: story.blob(JSON.stringify({ text, calls })),
      text,
      calls: calls.map(([tool, title], index) => ({ id: `s${number}c${index}`, tool, title })),
      usage: {
        inputTokens: 4000 + 900 * number,
        cachedTokens: 3100 + 900 * number,
        outputTokens: 40 + text.length,
        reasoningTokens: 24,
        costUsd: 0.002 + number / 10_000,
      },
    },
    { by: agent },
  );
}

export function step(story: Story, number: number, said: Said): void {
  const { calls, failing } = said;
  story.tell('step.started', { step: number, turn: 2 });
  answer(story, number, said);
  for (const [index, [tool, title]] of calls.entries()) {
    toolStart(story, `s${number}c${index}`, [tool, title]);
    const bad = index === failing;
    const shell = tool === 'shell';
    toolEnd(
      story,
      `s${number}c${index}`,
      bad
        ? {
            outcome: 'error',
            exitCode: 1,
            excerpt:
              'FAILED tests/test_books.py::test_without_title - assert 500 == 400\n  File "app/__init__.py", line 16, in create_book\n    if not body["title"]:\nKeyError: \'title\'\n1 failed, 8 passed in 1.02s',
          }
        : { excerpt: shell ? '9 passed in 0.84s' : `${tool} ${title}: done`, ...(shell ? { exitCode: 0 } : {}) },
    );
  }
}

export function endStep(
  story: Story,
  number: number,
  { ms, ck = null }: { readonly ms: number; readonly ck?: string | null },
): void {
  story.tell('step.ended', { step: number, durationMs: ms, checkpointId: ck });
}

export function toolStart(story: Story, callId: string, [tool, title]: readonly [string, string]): void {
  story.tell('tool.started', { step: stepOf(callId), callId, tool, title }, { after: 20 });
}

function stepOf(callId: string): number {
  return Number(/^s(\d+)/.exec(callId)?.[1]);
}

export function toolEnd(
  story: Story,
  callId: string,
  {
    outcome = 'ok' as const,
    exitCode = null,
    excerpt,
  }: { readonly outcome?: 'ok' | 'error'; readonly exitCode?: number | null; readonly excerpt: string },
): void {
  story.tell(
    'tool.ended',
    {
      step: stepOf(callId),
      callId,
      outcome,
      exitCode,
      durationMs: 120 + Number(callId.at(-1)) * 310,
      excerpt,
      body: story.blob(`${excerpt}\n(the whole answer)`),
    },
    { after: 300 },
  );
}

export function treeOf(story: Story, ck: string): string {
  return sha(JSON.stringify([...(story.trees.get(ck) ?? [])]));
}

export function checkpoint(
  story: Story,
  number: number,
  { tree, step: stepNumber }: { readonly tree: ReadonlyMap<string, string>; readonly step: number | null },
): void {
  const id = `ck-${number}`;
  const before = story.trees.get(`ck-${number - 1}`) ?? new Map<string, string>();
  story.trees.set(id, tree);
  const added = [...tree.keys()].filter((path) => !before.has(path)).length;
  const modified = [...tree].filter(([path, text]) => before.has(path) && before.get(path) !== text).length;
  story.tell(
    'checkpoint.made',
    {
      checkpoint: {
        id,
        label: number === 0 ? 'The start' : `Step ${stepNumber}`,
        reason: number === 0 ? 'base' : 'step',
        step: stepNumber,
        manifest: sha(`m${id}`),
        tree: treeOf(story, id),
        packs: [],
        files: tree.size,
        bytes: 4096,
        leftOut: [],
        torn: false,
        changed: { added, modified, removed: 0 },
      },
    },
    { by: factory, after: 60 },
  );
}

type Cause = NonNullable<Evidence['cause']>;

export function verify(
  story: Story,
  {
    id,
    ck,
    onBase,
    failing,
  }: {
    readonly id: string;
    readonly ck: string;
    readonly onBase: boolean;
    readonly failing: Readonly<Record<string, Cause>>;
  },
): void {
  const tree = treeOf(story, ck);
  story.tell('verification.started', { verificationId: id, checkpointId: ck, tree, onBase, checks: story.specs.size });
  for (const [index, [checkId, spec]] of [...story.specs].entries()) {
    const cause = failing[checkId] ?? null;
    const requirementId = ['R-1', 'R-2', 'R-3', 'R-4', 'R-6'][index] ?? 'R-1';
    const excerpt =
      cause === null
        ? 'POST /books → 201 {"id": 1, "title": "Notes"}\nGET /books/1 → 200'
        : cause === 'absent'
          ? 'The app did not start: there is no entry point.'
          : 'POST /books → 422, expected 400\n  body {"error": {"field": "title", "message": "is required"}}';
    story.tell(
      'evidence.recorded',
      {
        evidence: {
          id: `e-${id}-${index}`,
          verificationId: id,
          checkId,
          checkVersion: 1,
          checkDigest: story.spec(checkId, spec),
          requirementId,
          requirementVersion: 1,
          checkpointId: ck,
          tree,
          onBase,
          verdict: cause === null ? 'passed' : 'failed',
          cause,
          vantage: spec.kind === 'test' ? 'inside' : 'outside',
          command:
            spec.kind === 'test'
              ? 'python -I -m pytest --rootdir=/verify tests/test_keep.py'
              : 'POST /login → 200 · POST /books → 400',
          exitCode: spec.kind === 'test' ? 0 : null,
          durationMs: 830 + index * 140,
          executions: cause === null ? 2 : 1,
          excerpt,
          output: story.blob(`${excerpt}\n`.repeat(40)),
          ...(spec.kind === 'test' && !onBase
            ? { tests: spec.tests.map((test) => ({ id: test, outcome: 'passed' as const })) }
            : {}),
        },
      },
      { by: verifier, after: 1100 },
    );
  }
  story.tell('verification.ended', { verificationId: id, outcome: 'complete', note: '' }, { by: verifier });
}

const bound: Mutant = {
  path: 'app/books.py',
  line: 14,
  change: 'moved-boundary',
  outcome: 'survived',
  diff: '@@ -12,5 +12,5 @@\n def list_books():\n     limit = int(request.args.get("limit", 20))\n-    if limit > 100:\n+    if limit >= 100:\n         limit = 100\n     return jsonify(list(books.values())[:limit])',
};
const nothing: Mutant = {
  path: 'app/books.py',
  line: 16,
  change: 'replaced-return',
  outcome: 'killed',
  diff: '@@ -14,3 +14,3 @@\n     if limit > 100:\n         limit = 100\n-    return jsonify(list(books.values())[:limit])\n+    return None',
};

/** Checks judged by mutants: each noticed one, the first of them missed one before. */
export function judge(
  story: Story,
  { ck, base, checks }: { readonly ck: string; readonly base: string; readonly checks: readonly string[] },
): void {
  const tree = treeOf(story, ck);
  story.tell('mutation.started', { checkpointId: ck, tree, checks: checks.length });
  for (const checkId of checks) {
    const spec = story.specs.get(checkId);
    const mutants = checkId === checks[0] ? [bound, nothing] : [nothing];
    const survivors = mutants.filter(({ outcome }) => outcome === 'survived');
    if (!spec) continue;
    story.tell(
      'mutation.recorded',
      {
        mutation: {
          id: `m-${checkId}`,
          checkId,
          checkVersion: 1,
          checkDigest: story.spec(checkId, spec),
          requirementId: ['R-1', 'R-2', 'R-3', 'R-4', 'R-6'][Number(checkId.slice(2)) - 1] ?? 'R-1',
          checkpointId: ck,
          tree,
          baseTree: treeOf(story, base),
          outcome: 'judged',
          killed: 1,
          survived: survivors.length,
          unusable: 0,
          agrees: [],
          reason: `It noticed 1 small change of the code${survivors.length > 0 ? ' and missed 1' : ''}.`,
          survivors,
          body: story.blob(JSON.stringify({ mutants })),
          durationMs: 640,
        },
      },
      { by: verifier, after: 700 },
    );
  }
}
