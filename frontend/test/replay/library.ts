import type { CheckSpec, Evidence } from '@devfactory/contracts';
import { agent, factory, person, sha, verifier, type Story } from './story.ts';

const wishes = [
  'Books can be created, listed, read, updated and deleted as JSON.',
  'A book without a title is refused with 400 and a message that names the field.',
  'Requests without a valid token are answered with 401.',
  'What was stored is still there after a restart.',
  'Search answers within 80 ms for 10,000 books.',
  'GET /health answers 200.',
] as const;

const app = `from flask import Flask, jsonify, request

app = Flask(__name__)
books: dict[int, dict] = {}


@app.get("/health")
def health():
    return {"status": "ok"}


@app.post("/books")
def create_book():
    body = request.get_json(silent=True) or {}
    if not body.get("title"):
        return jsonify(error="title is required"), 400
    book = {"id": len(books) + 1, **body}
    books[book["id"]] = book
    return book, 201
`;

const fixed = app.replace('return jsonify(error="title is required"), 400', 'return jsonify(error={"field": "title", "message": "is required"}), 422').replace('    book = {', '    # A title alone is enough; year and author may follow later.\n    book = {');

function httpCheck(name: string, path: string, status: number): CheckSpec {
  return {
    kind: 'http',
    exchanges: [
      { do: 'request', name: 'log in', method: 'POST', path: '/login', json: { username: 'ada-${unique}', password: 'correct horse' }, expect: { status: 200, json: { access_token: { $type: 'string' } } }, save: { token: '/access_token' } },
      { do: 'request', name, method: 'POST', path, headers: { authorization: 'Bearer ${token}' }, json: { author: 'Ada', year: 1843 }, expect: { status, json: { error: { $includes: 'title' } } } },
      { do: 'restart' },
      { do: 'request', name: 'still there', method: 'GET', path, expect: { status: [200, 304] } },
    ],
  };
}

/** Up to the plan that waits to be approved. */
export function planned(story: Story, { name = 'Library API', autonomy = 'approve-plan' as const } = {}): Story {
  const prompt = 'Build a Flask API with JWT auth for a library. It manages books with title, author and year, and keeps them over a restart. Search must be quick.';
  story.tell('run.created', { name, request: { agent: 'blueprint', source: { kind: 'empty' }, autonomy, deliverUnproven: false, destinations: [{ kind: 'zip', name: 'library.zip' }] }, body: story.blob(JSON.stringify({ prompt })), promptHead: prompt }, { by: person });
  wishes.slice(0, 5).forEach((text, index) => story.tell('requirement.added', { requirement: { id: `R-${index + 1}`, version: 1, text, priority: index === 4 ? 'should' : 'must', origin: 'person' } }, { by: person, after: 2 }));
  story.tell('workspace.opened', { driver: 'bwrap', notEnforced: [] }, { after: 900 });
  checkpoint(story, 0, new Map(), null);
  story.tell('turn.started', { turn: 1, purpose: 'plan', why: '' });
  story.tell('step.started', { step: 1, turn: 1 });
  answer(story, 1, 'I read the requirements and draft a check for each. Search speed cannot be shown by a scaffold.', [['propose_requirements', 'Propose 6 requirements with 5 checks']]);
  story.tell('tool.started', { step: 1, callId: 's1c0', tool: 'propose_requirements', title: 'Propose 6 requirements with 5 checks' });
  story.tell('requirement.added', { requirement: { id: 'R-6', version: 1, text: wishes[5], priority: 'should', origin: 'agent' } }, { by: agent });
  story.tell('requirement.declined', { id: 'R-5', reason: 'A scaffold holds books in SQLite without an index service; 80 ms for 10,000 books is not something it can promise.' }, { by: agent });
  for (const [index, id] of ['R-1', 'R-2', 'R-3', 'R-4', 'R-6'].entries()) {
    const checkId = `C-${index + 1}`;
    const spec: CheckSpec = index === 3 ? { kind: 'test', toolchain: 'python', files: [{ path: 'tests/test_keep.py', content: 'def test_keep(client):\n    assert client.get("/books").json == []\n' }], tests: ['tests/test_keep.py::test_keep', 'tests/test_keep.py::test_keep_after_restart'] } : httpCheck(`ask for ${id}`, index === 4 ? '/health' : '/books', [201, 400, 401, 200, 200][index] ?? 200);
    story.tell('check.proposed', { check: { id: checkId, version: 1, requirementId: id, title: ['Create, list, read, update and delete a book', 'Refuse a book without a title', 'Answer 401 without a token', 'Keep books over a restart', 'Answer GET /health'][index] ?? '', intent: 'change', timeoutMs: 60_000, kind: spec.kind, spec: story.spec(checkId, spec) } }, { by: agent, after: 5 });
  }
  toolEnd(story, 1, 0, { excerpt: 'plan 1 recorded: 6 requirements, 5 checks' });
  story.tell('step.ended', { step: 1, durationMs: 640, checkpointId: null });
  story.tell('plan.proposed', { version: 1, summary: 'Flask with SQLite, JWT by PyJWT, one blueprint for books. Each requirement is asked over HTTP from outside, but for R-4, which restarts the store inside the test runner.' }, { by: agent });
  story.tell('turn.ended', { turn: 1, outcome: 'finished', summary: 'The plan is ready.' }, { by: agent });
  return story.tell('wait.began', { for: 'plan-approval', sentence: 'Waits for you to approve the plan: 6 requirements, 5 checks.' });
}

/** Plan approved, checks asked about the base, first steps done. */
export function working(story: Story, options: Parameters<typeof planned>[1] = {}): Story {
  planned(story, options);
  const locked = [...story.specs].map(([id, spec]) => ({ id, version: 1, digest: story.spec(id, spec) }));
  story.tell('plan.approved', { version: 1, lock: sha('lock'), checks: locked }, { by: person, after: 41_000 });
  verify(story, { id: 'v0', ck: 'ck-0', onBase: true, failing: { 'C-1': 'absent', 'C-2': 'absent', 'C-3': 'absent', 'C-4': 'absent', 'C-5': 'absent' } });
  story.tell('turn.started', { turn: 2, purpose: 'work', why: 'The plan is approved; 6 requirements are open.' });
  step(story, 2, 'I lay out the project: application, store, authentication, tests.', [['write', 'app/__init__.py'], ['write', 'app/books.py'], ['write', 'app/auth.py'], ['write', 'app/store.py'], ['write', 'tests/test_books.py'], ['write', 'requirements.txt'], ['write', 'README.md']]);
  checkpoint(story, 1, new Map([['app/__init__.py', app], ['README.md', '# Library\n\nRun it: `flask run`\n'], ['requirements.txt', 'flask==3.1.2\npyjwt==2.10.1\n'], ['tests/test_books.py', 'def test_create(client):\n    assert client.post("/books").status_code == 400\n'], ['app/auth.py', 'import jwt\n'], ['app/store.py', 'import sqlite3\n'], ['.gitignore', '__pycache__/\n']]), 2);
  endStep(story, 2, 4_210, 'ck-1');
  story.tell('feedback.given', { feedbackId: 'f1', mode: 'steer', text: 'Answer 422 when a field is wrong, and keep 400 for bodies that are no JSON.' }, { by: person, after: 3000 });
  step(story, 3, 'I run the tests before going on.', [['shell', 'python -m pytest -q'], ['read', 'app/store.py']], { failing: 0 });
  story.tell('feedback.delivered', { feedbackId: 'f1', step: 3 }, { after: 1 });
  story.tell('egress.decided', { decisions: [{ host: 'pypi.org', port: 443, allowed: true, count: 12 }, { host: 'telemetry.example.net', port: 443, allowed: false, count: 3 }] }, { after: 10 });
  endStep(story, 3, 6_800, null);
  story.tell('feedback.given', { feedbackId: 'f2', mode: 'queue', text: 'When everything passes, add an OpenAPI document.' }, { by: person, after: 2500 });
  story.tell('question.asked', { questionId: 'q1', question: 'Should a deleted book answer 404 or 410 afterwards?', options: ['404 Not Found', '410 Gone'] }, { by: agent, after: 900 });
  story.tell('step.started', { step: 4, turn: 2 });
  answer(story, 4, '', [['edit', 'app/__init__.py'], ['shell', 'python -m pytest -q tests/test_books.py']]);
  toolStart(story, 4, 0, 'edit', 'app/__init__.py');
  toolEnd(story, 4, 0, { excerpt: 'edited app/__init__.py: +2 -1' });
  toolStart(story, 4, 1, 'shell', 'python -m pytest -q tests/test_books.py');
  return story;
}

/** Verified, one requirement failing and one without a check: it waits for a review. */
export function inReview(story: Story, options: Parameters<typeof planned>[1] = {}): Story {
  working(story, options);
  toolEnd(story, 4, 1, { excerpt: '9 passed in 0.84s', exitCode: 0 });
  checkpoint(story, 2, new Map([...(story.trees.get('ck-1') ?? []), ['app/__init__.py', fixed], ['app/books.py', `${app}\n`.repeat(8)]]), 4);
  endStep(story, 4, 5_120, 'ck-2');
  story.tell('question.answered', { questionId: 'q1', answer: '404 Not Found' }, { by: person, after: 4000 });
  story.tell('turn.ended', { turn: 2, outcome: 'finished', summary: 'Everything is in place.' }, { by: agent });
  verify(story, { id: 'v1', ck: 'ck-2', onBase: false, failing: { 'C-2': 'assertion' } });
  return story.tell('wait.began', { for: 'review', sentence: 'Waits for your review: 4 of 6 requirements are proven, R-2 is failing and R-5 has no check.' });
}

/** Everything proven but the one that was waived; delivered. */
export function delivered(story: Story, options: Parameters<typeof planned>[1] = {}): Story {
  inReview(story, options);
  story.tell('requirement.waived', { id: 'R-5', reason: 'Speed is measured in another project.' }, { by: person, after: 9000 });
  story.tell('requirement.accepted', { id: 'R-2', reason: 'Seen by hand: 422 names the field, which is what we want.', tree: treeOf(story, 'ck-2') }, { by: person });
  story.tell('result.approved', { checkpointId: 'ck-2', tree: treeOf(story, 'ck-2'), notProven: ['R-2', 'R-5'] }, { by: person });
  story.tell('export.requested', { exportId: 'x1', destination: { kind: 'zip', name: 'library.zip' } }, { by: person, after: 1 });
  story.tell('export.started', { exportId: 'x1', tree: treeOf(story, 'ck-2') });
  story.tell('export.delivered', { exportId: 'x1', tree: treeOf(story, 'ck-2'), location: 'library.zip, kept by this factory', files: ['library.zip', 'library.proof.json', 'library.report.html'].map((name) => ({ name, digest: story.blob(name), bytes: name.length * 4321, mediaType: 'application/octet-stream' })), leftOut: [{ path: '.env', why: 'looks like it holds a secret' }] });
  return story.tell('run.finished', { outcome: 'delivered', sentence: 'Delivered to library.zip.' });
}

/** Stopped on a fault. */
export function stopped(story: Story): Story {
  working(story, { name: 'Warehouse service' });
  return story.tell('run.failed', { code: 'workspace_lost', reason: 'The sandbox ended and did not come back: the disk is full. Free some space and resume; it goes on from ck-1.' });
}

/** A run of thousands of events. */
export function long(story: Story, steps: number): Story {
  working(story, { name: 'Ledger migration, all accounts' });
  toolEnd(story, 4, 1, { excerpt: '9 passed', exitCode: 0 });
  endStep(story, 4, 900, null);
  for (let number = 5; number < steps + 5; number += 1) {
    step(story, number, `Account ${number}: read, change, run.`, [['read', `accounts/${number}.py`], ['edit', `accounts/${number}.py`], ['shell', `pytest accounts/test_${number}.py`]], number % 37 === 0 ? { failing: 2 } : {});
    endStep(story, number, 1200, null);
  }
  return story;
}

function answer(story: Story, number: number, text: string, calls: readonly (readonly [string, string])[]): void {
  story.tell('step.answered', { step: number, body: story.blob(JSON.stringify({ text, calls })), text, calls: calls.map(([tool, title], index) => ({ id: `s${number}c${index}`, tool, title })), usage: { inputTokens: 0, cachedTokens: 0, outputTokens: 0, costUsd: 0 } }, { by: agent });
}

function step(story: Story, number: number, text: string, calls: readonly (readonly [string, string])[], { failing }: { readonly failing?: number } = {}): void {
  story.tell('step.started', { step: number, turn: 2 });
  answer(story, number, text, calls);
  for (const [index, [tool, title]] of calls.entries()) {
    toolStart(story, number, index, tool, title);
    const bad = index === failing;
    const shell = tool === 'shell';
    toolEnd(story, number, index, bad ? { outcome: 'error', exitCode: 1, excerpt: 'FAILED tests/test_books.py::test_without_title - assert 500 == 400\n  File "app/__init__.py", line 16, in create_book\n    if not body["title"]:\nKeyError: \'title\'\n1 failed, 8 passed in 1.02s' } : { excerpt: shell ? '9 passed in 0.84s' : `${tool} ${title}: done`, ...(shell ? { exitCode: 0 } : {}) });
  }
}

function endStep(story: Story, number: number, durationMs: number, checkpointId: string | null): void {
  story.tell('step.ended', { step: number, durationMs, checkpointId });
}

function toolStart(story: Story, number: number, index: number, tool: string, title: string): void {
  story.tell('tool.started', { step: number, callId: `s${number}c${index}`, tool, title }, { after: 20 });
}

function toolEnd(story: Story, number: number, index: number, { outcome = 'ok' as const, exitCode = null, excerpt }: { readonly outcome?: 'ok' | 'error'; readonly exitCode?: number | null; readonly excerpt: string }): void {
  story.tell('tool.ended', { step: number, callId: `s${number}c${index}`, outcome, exitCode, durationMs: 120 + index * 310, excerpt, body: story.blob(`${excerpt}\n(the whole answer)`) }, { after: 300 });
}

function treeOf(story: Story, ck: string): string {
  return sha(JSON.stringify([...(story.trees.get(ck) ?? [])]));
}

function checkpoint(story: Story, number: number, tree: ReadonlyMap<string, string>, stepNumber: number | null): void {
  const id = `ck-${number}`;
  const before = story.trees.get(`ck-${number - 1}`) ?? new Map<string, string>();
  story.trees.set(id, tree);
  const added = [...tree.keys()].filter((path) => !before.has(path)).length;
  const modified = [...tree].filter(([path, text]) => before.has(path) && before.get(path) !== text).length;
  story.tell('checkpoint.made', { checkpoint: { id, label: number === 0 ? 'The start' : `Step ${stepNumber}`, reason: number === 0 ? 'base' : 'step', step: stepNumber, manifest: sha(`m${id}`), tree: treeOf(story, id), packs: [], files: tree.size, bytes: 4096, leftOut: [], torn: false, changed: { added, modified, removed: 0 } } }, { by: factory, after: 60 });
}

type Cause = NonNullable<Evidence['cause']>;

function verify(story: Story, { id, ck, onBase, failing }: { readonly id: string; readonly ck: string; readonly onBase: boolean; readonly failing: Readonly<Record<string, Cause>> }): void {
  const tree = treeOf(story, ck);
  story.tell('verification.started', { verificationId: id, checkpointId: ck, tree, onBase, checks: story.specs.size });
  for (const [index, [checkId, spec]] of [...story.specs].entries()) {
    const cause = failing[checkId] ?? null;
    const requirementId = ['R-1', 'R-2', 'R-3', 'R-4', 'R-6'][index] ?? 'R-1';
    const excerpt = cause === null ? 'POST /books → 201 {"id": 1, "title": "Notes"}\nGET /books/1 → 200' : cause === 'absent' ? 'The app did not start: there is no entry point.' : 'POST /books → 422, expected 400\n  body {"error": {"field": "title", "message": "is required"}}';
    story.tell('evidence.recorded', { evidence: {
      id: `e-${id}-${index}`, verificationId: id, checkId, checkVersion: 1, checkDigest: story.spec(checkId, spec), requirementId, requirementVersion: 1, checkpointId: ck, tree, onBase,
      verdict: cause === null ? 'passed' : 'failed', cause, vantage: spec.kind === 'test' ? 'inside' : 'outside',
      command: spec.kind === 'test' ? 'python -I -m pytest --rootdir=/verify tests/test_keep.py' : 'POST /login → 200 · POST /books → 400',
      exitCode: spec.kind === 'test' ? 0 : null, durationMs: 830 + index * 140, executions: cause === null ? 2 : 1, excerpt, output: story.blob(`${excerpt}\n`.repeat(40)),
      ...(spec.kind === 'test' && !onBase ? { tests: spec.tests.map((test) => ({ id: test, outcome: 'passed' as const })) } : {}),
    } }, { by: verifier, after: 1100 });
  }
  story.tell('verification.ended', { verificationId: id, outcome: 'complete', note: '' }, { by: verifier });
}
