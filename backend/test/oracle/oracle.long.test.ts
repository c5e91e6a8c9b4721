import { expect, test } from 'vitest';
import type { Exercise } from './exercise.ts';
import { exercisesIn } from './folder.ts';
import { generatedExercises } from './generated.ts';
import { Oracle, type Replayed } from './replay.ts';

/** A folder of exercises that a person fetched; without it those that are made here are all. */
const folder = process.env['DEVFACTORY_EXERCISES'];
const most = Number(process.env['DEVFACTORY_EXERCISES_MOST'] ?? Infinity);
const side = 3;

/** Every n-th, so that a part holds some of all. */
function part(all: readonly Exercise[]): readonly Exercise[] {
  const step = Math.max(1, Math.ceil(all.length / most));
  return all.filter((_, at) => at % step === 0);
}

test('right solutions that a model writes through the tools end proven; stubs and broken ones never', async ({
  skip,
}) => {
  const exercises = [...part(generatedExercises()), ...part(folder === undefined ? [] : await exercisesIn(folder))];
  const oracle = await Oracle.start();
  const replayed: Replayed[] = [];
  try {
    const doctor = (await oracle.factory.ask('/api/doctor')).json as { name: string; outcome: string }[];
    if (doctor.find(({ name }) => name === 'sandbox')?.outcome !== 'ok') return skip('no sandbox here');
    const wanted = exercises.flatMap((exercise) =>
      ['right', ...Object.keys(exercise.wrong)].map((solution) => ({ exercise, solution })),
    );
    const lane = async (): Promise<void> => {
      for (let next = wanted.shift(); next; next = wanted.shift()) {
        const told = await oracle.replay(next.exercise, next.solution);
        console.log(`${told.status} ${told.stage}: ${told.solution}, ${told.exercise}`);
        replayed.push(told);
      }
    };
    await Promise.all(Array.from({ length: side }, lane));
  } finally {
    await oracle.end();
  }
  const right = replayed.filter(({ solution }) => solution === 'right');
  const wrong = replayed.filter(({ solution }) => solution !== 'right');
  console.log(`${right.length} right and ${wrong.length} wrong solutions of ${exercises.length} exercises`);
  expect(right.filter(({ status }) => status !== 'proven')).toEqual([]);
  expect(wrong.filter(({ status }) => status === 'proven')).toEqual([]);
}, 7_200_000);
