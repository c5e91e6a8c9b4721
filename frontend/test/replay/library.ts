import type { CheckSpec } from '@devfactory/contracts';
import { answer, checkpoint, endStep, judge, step, toolEnd, toolStart, verify } from './parts.ts';
import { agent, person, sha, type Story } from './story.ts';

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

const fixed = app
  .replace(
    'return jsonify(error="title is required"), 400',
    'return jsonify(error={"field": "title", "message": "is required"}), 422',
  )
  .replace('    book = {', '    # A title alone is enough; year and author may follow later.\n    book = {');

function httpCheck(name: string, path: string, status: number): CheckSpec {
  return {
    kind: 'http',
    exchanges: [
      {
        do: 'request',
        name: 'log in',
        method: 'POST',
        path: '/login',
        json: { username: 'ada-${unique}', password: 'correct horse' },
        expect: { status: 200, json: { access_token: { $type: 'string' } } },
        save: { token: '/access_token' },
      },
      {
        do: 'request',
        name,
        method: 'POST',
        path,
        headers: { authorization: 'Bearer ${token}' },
        json: { author: 'Ada', year: 1843 },
        expect: { status, json: { error: { $includes: 'title' } } },
      },
      { do: 'restart' },
      { do: 'request', name: 'still there', method: 'GET', path, expect: { status: [200, 304] } },
    ],
  };
}

/** Up to the plan that waits to be approved. */
export function planned(story: Story, { name = 'Library API', autonomy = 'approve-plan' as const } = {}): Story {
  const prompt =
    'Build a Flask API with JWT auth for a library. It manages books with title, author and year, and keeps them over a restart. Search must be quick.';
  story.tell(
    'run.created',
    {
      name,
      request: {
        agent: 'blueprint',
        source: { kind: 'empty' },
        autonomy,
        deliverUnproven: false,
        destinations: [{ kind: 'zip', name: 'library.zip' }],
      },
      body: story.blob(JSON.stringify({ prompt })),
      promptHead: prompt,
    },
    { by: person },
  );
  wishes.slice(0, 5).forEach((text, index) =>
    story.tell(
      'requirement.added',
      {
        requirement: {
          id: `R-${index + 1}`,
          version: 1,
          text,
          priority: index === 4 ? 'should' : 'must',
          origin: 'person',
        },
      },
      { by: person, after: 2 },
    ),
  );
  story.tell('workspace.opened', { driver: 'bwrap', notEnforced: [] }, { after: 900 });
  checkpoint(story, 0, { tree: new Map(), step: null });
  story.tell('turn.started', { turn: 1, purpose: 'plan', why: '' });
  story.tell('step.started', { step: 1, turn: 1 });
  answer(story, 1, {
    text: 'I read the requirements and draft a check for each. Search speed cannot be shown by a scaffold.',
    calls: [['propose_requirements', 'Propose 6 requirements with 5 checks']],
  });
  story.tell('tool.started', {
    step: 1,
    callId: 's1c0',
    tool: 'propose_requirements',
    title: 'Propose 6 requirements with 5 checks',
  });
  story.tell(
    'requirement.added',
    { requirement: { id: 'R-6', version: 1, text: wishes[5], priority: 'should', origin: 'agent' } },
    { by: agent },
  );
  story.tell(
    'requirement.declined',
    {
      id: 'R-5',
      reason:
        'A scaffold holds books in SQLite without an index service; 80 ms for 10,000 books is not something it can promise.',
    },
    { by: agent },
  );
  for (const [index, id] of ['R-1', 'R-2', 'R-3', 'R-4', 'R-6'].entries()) {
    const checkId = `C-${index + 1}`;
    const spec: CheckSpec =
      index === 3
        ? {
            kind: 'test',
            toolchain: 'python',
            files: [
              {
                path: 'tests/test_keep.py',
                content: 'def test_keep(client):\n    assert client.get("/books").json == []\n',
              },
            ],
            tests: ['tests/test_keep.py::test_keep', 'tests/test_keep.py::test_keep_after_restart'],
          }
        : httpCheck(`ask for ${id}`, index === 4 ? '/health' : '/books', [201, 400, 401, 200, 200][index] ?? 200);
    story.tell(
      'check.proposed',
      {
        check: {
          id: checkId,
          version: 1,
          requirementId: id,
          title:
            [
              'Create, list, read, update and delete a book',
              'Refuse a book without a title',
              'Answer 401 without a token',
              'Keep books over a restart',
              'Answer GET /health',
            ][index] ?? '',
          intent: 'change',
          timeoutMs: 60_000,
          kind: spec.kind,
          spec: story.spec(checkId, spec),
        },
      },
      { by: agent, after: 5 },
    );
  }
  toolEnd(story, 's1c0', { excerpt: 'plan 1 recorded: 6 requirements, 5 checks' });
  story.tell('step.ended', { step: 1, durationMs: 640, checkpointId: null });
  story.tell(
    'plan.proposed',
    {
      version: 1,
      summary:
        'Flask with SQLite, JWT by PyJWT, one blueprint for books. Each requirement is asked over HTTP from outside, but for R-4, which restarts the store inside the test runner.',
    },
    { by: agent },
  );
  story.tell('turn.ended', { turn: 1, outcome: 'finished', summary: 'The plan is ready.' }, { by: agent });
  return story.tell('wait.began', {
    for: 'plan-approval',
    sentence: 'Waits for you to approve the plan: 6 requirements, 5 checks.',
  });
}

/** Plan approved, checks asked about the base, first steps done. */
export function working(story: Story, options: Parameters<typeof planned>[1] = {}): Story {
  planned(story, options);
  const locked = [...story.specs].map(([id, spec]) => ({ id, version: 1, digest: story.spec(id, spec) }));
  story.tell('plan.approved', { version: 1, lock: sha('lock'), checks: locked }, { by: person, after: 41_000 });
  verify(story, {
    id: 'v0',
    ck: 'ck-0',
    onBase: true,
    failing: { 'C-1': 'absent', 'C-2': 'absent', 'C-3': 'absent', 'C-4': 'absent', 'C-5': 'absent' },
  });
  story.tell('turn.started', { turn: 2, purpose: 'work', why: 'The plan is approved; 6 requirements are open.' });
  step(story, 2, {
    text: 'I lay out the project: application, store, authentication, tests.',
    calls: [
      ['write', 'app/__init__.py'],
      ['write', 'app/books.py'],
      ['write', 'app/auth.py'],
      ['write', 'app/store.py'],
      ['write', 'tests/test_books.py'],
      ['write', 'requirements.txt'],
      ['write', 'README.md'],
    ],
  });
  checkpoint(story, 1, {
    tree: new Map([
      ['app/__init__.py', app],
      ['README.md', '# Library\n\nRun it: `flask run`\n'],
      ['requirements.txt', 'flask==3.1.2\npyjwt==2.10.1\n'],
      ['tests/test_books.py', 'def test_create(client):\n    assert client.post("/books").status_code == 400\n'],
      ['app/auth.py', 'import jwt\n'],
      ['app/store.py', 'import sqlite3\n'],
      ['.gitignore', '__pycache__/\n'],
    ]),
    step: 2,
  });
  endStep(story, 2, { ms: 4_210, ck: 'ck-1' });
  story.tell(
    'feedback.given',
    {
      feedbackId: 'f1',
      mode: 'steer',
      text: 'Answer 422 when a field is wrong, and keep 400 for bodies that are no JSON.',
    },
    { by: person, after: 3000 },
  );
  step(story, 3, {
    text: 'I run the tests before going on.',
    calls: [
      ['shell', 'python -m pytest -q'],
      ['read', 'app/store.py'],
    ],
    failing: 0,
  });
  story.tell('feedback.delivered', { feedbackId: 'f1', step: 3 }, { after: 1 });
  story.tell(
    'egress.decided',
    {
      decisions: [
        { host: 'packages.example', port: 443, allowed: true, count: 12 },
        { host: 'telemetry.example.net', port: 443, allowed: false, count: 3 },
      ],
    },
    { after: 10 },
  );
  endStep(story, 3, { ms: 6_800 });
  story.tell(
    'feedback.given',
    { feedbackId: 'f2', mode: 'queue', text: 'When everything passes, add an OpenAPI document.' },
    { by: person, after: 2500 },
  );
  story.tell(
    'question.asked',
    {
      questionId: 'q1',
      question: 'Should a deleted book answer 404 or 410 afterwards?',
      options: ['404 Not Found', '410 Gone'],
    },
    { by: agent, after: 900 },
  );
  story.tell('step.started', { step: 4, turn: 2 });
  answer(story, 4, {
    text: '',
    calls: [
      ['edit', 'app/__init__.py'],
      ['shell', 'python -m pytest -q tests/test_books.py'],
    ],
  });
  toolStart(story, 's4c0', ['edit', 'app/__init__.py']);
  toolEnd(story, 's4c0', { excerpt: 'edited app/__init__.py: +2 -1' });
  toolStart(story, 's4c1', ['shell', 'python -m pytest -q tests/test_books.py']);
  return story;
}

/** Verified, one requirement failing and one without a check: it waits for a review. */
export function inReview(story: Story, options: Parameters<typeof planned>[1] = {}): Story {
  working(story, options);
  toolEnd(story, 's4c1', { excerpt: '9 passed in 0.84s', exitCode: 0 });
  checkpoint(story, 2, {
    tree: new Map([
      ...(story.trees.get('ck-1') ?? []),
      ['app/__init__.py', fixed],
      ['app/books.py', `${app}\n`.repeat(8)],
    ]),
    step: 4,
  });
  endStep(story, 4, { ms: 5_120, ck: 'ck-2' });
  story.tell('question.answered', { questionId: 'q1', answer: '404 Not Found' }, { by: person, after: 4000 });
  story.tell('turn.ended', { turn: 2, outcome: 'finished', summary: 'Everything is in place.' }, { by: agent });
  verify(story, { id: 'v1', ck: 'ck-2', onBase: false, failing: { 'C-2': 'assertion' } });
  judge(story, { ck: 'ck-2', base: 'ck-0', checks: ['C-1', 'C-3', 'C-4', 'C-5'] });
  return story.tell('wait.began', {
    for: 'review',
    sentence: 'Waits for your review: 4 of 6 requirements are proven, R-2 is failing and R-5 has no check.',
  });
}
