import { broad } from './broad.ts';
import { delivered, long, stopped } from './library-endings.ts';
import { inReview, planned, working } from './library.ts';
import { Story } from './story.ts';

const id = (letter: string): string => `run_${letter.repeat(16)}`;
const ago = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);

export const ids = {
  delivered: id('d'),
  stopped: id('f'),
  long: id('l'),
  working: id('w'),
  review: id('r'),
  plan: id('p'),
  broad: id('b'),
} as const;

/** One run for each place where a run can stand. */
export function allStories(): Story[] {
  return [
    delivered(new Story(ids.delivered, ago(3000))),
    stopped(new Story(ids.stopped, ago(300))),
    long(new Story(ids.long, ago(200)), 1120),
    working(new Story(ids.working, ago(6)), { name: 'Library API' }),
    inReview(new Story(ids.review, ago(30)), { name: 'Library API with search' }),
    broad(new Story(ids.broad, ago(50)), { files: 100, lines: 400 }),
    planned(new Story(ids.plan, ago(4)), { name: 'Library API, first draft' }),
  ];
}
