import { inReview, type planned, working } from './library.ts';
import { checkpoint, endStep, step, toolEnd, treeOf } from './parts.ts';
import { person, type Story } from './story.ts';

/** Everything proven but the one that was waived; delivered. */
export function delivered(story: Story, options: Parameters<typeof planned>[1] = {}): Story {
  inReview(story, options);
  story.tell(
    'requirement.waived',
    { id: 'R-5', reason: 'Speed is measured in another project.' },
    { by: person, after: 9000 },
  );
  story.tell(
    'requirement.accepted',
    { id: 'R-2', reason: 'Seen by hand: 422 names the field, which is what we want.', tree: treeOf(story, 'ck-2') },
    { by: person },
  );
  story.tell(
    'result.approved',
    { checkpointId: 'ck-2', tree: treeOf(story, 'ck-2'), notProven: ['R-2', 'R-5'] },
    { by: person },
  );
  story.tell(
    'export.requested',
    { exportId: 'x1', destination: { kind: 'zip', name: 'library.zip' } },
    { by: person, after: 1 },
  );
  story.tell('export.started', { exportId: 'x1', tree: treeOf(story, 'ck-2') });
  story.tell('export.delivered', {
    exportId: 'x1',
    tree: treeOf(story, 'ck-2'),
    location: 'library.zip, kept by this factory',
    files: ['library.zip', 'library.proof.json', 'library.report.html'].map((name) => ({
      name,
      digest: story.blob(name),
      bytes: name.length * 4321,
      mediaType: 'application/octet-stream',
    })),
    leftOut: [{ path: '.env', why: 'looks like it holds a secret' }],
  });
  return story.tell('run.finished', { outcome: 'delivered', sentence: 'Delivered to library.zip.' });
}

/** Stopped on a fault. */
export function stopped(story: Story): Story {
  working(story, { name: 'Warehouse service' });
  return story.tell('run.failed', {
    code: 'workspace_lost',
    reason:
      'The sandbox ended and did not come back: the disk is full. Free some space and resume; it goes on from ck-1.',
  });
}

/** A run of thousands of events. */
export function long(story: Story, steps: number): Story {
  working(story, { name: 'Ledger migration, all accounts' });
  toolEnd(story, 's4c1', { excerpt: '9 passed', exitCode: 0 });
  endStep(story, 4, { ms: 900 });
  for (let number = 5; number < steps + 5; number += 1) {
    const calls = [
      ['read', `accounts/${number}.py`],
      ['edit', `accounts/${number}.py`],
      ['shell', `pytest accounts/test_${number}.py`],
    ] as const;
    step(story, number, {
      text: `Account ${number}: read, change, run.`,
      calls,
      ...(number % 37 === 0 ? { failing: 2 } : {}),
    });
    const ck = number % 4 === 0 ? number / 4 + 1 : null;
    if (ck !== null) checkpoint(story, ck, { tree: new Map([['accounts.py', `done = ${number}\n`]]), step: number });
    endStep(story, number, { ms: 1200, ...(ck === null ? {} : { ck: `ck-${ck}` }) });
  }
  return story;
}
