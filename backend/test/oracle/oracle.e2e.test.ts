import { afterAll, expect, test } from 'vitest';
import { generatedExercises } from './generated.ts';
import { Oracle } from './replay.ts';

const oracle = await Oracle.start();
const doctor = (await oracle.factory.ask('/api/doctor')).json as { name: string; outcome: string; found: string }[];
const sandbox = doctor.find((check) => check.name === 'sandbox');
const here = sandbox?.outcome === 'ok' ? '' : ` (skipped: no sandbox here, ${sandbox?.found ?? ''})`;
afterAll(() => oracle.end());

test.skipIf(here !== '')(
  `a right solution ends proven, a stub and one that is off by one do not${here}`,
  async () => {
    const [exercise] = generatedExercises();
    if (!exercise) throw new Error('there are no exercises');
    const told = await Promise.all(
      ['right', 'a stub', 'off by one'].map((solution) => oracle.replay(exercise, solution)),
    );
    expect(told.map(({ status }) => status)).toEqual(['proven', 'failing', 'failing']);
  },
  600_000,
);
