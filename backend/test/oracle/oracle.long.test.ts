import { expect, test } from 'vitest';
import type { Exercise } from './exercise.ts';
import { exercisesIn } from './folder.ts';
import { generatedExercises } from './generated.ts';
import { Oracle, type Replayed } from './replay.ts';

/** A folder of exercises that a person fetched; without it, those that are made here. */
const folder = process.env['DEVFACTORY_EXERCISES'];
/** Of each language at most so many. */
const most = Number(process.env['DEVFACTORY_EXERCISES_MOST'] ?? Infinity);
const side = 3;

/** Every n-th of a language, so that a part is none of the alphabet. */
function part(all: readonly Exercise[]): readonly Exercise[] {
  return [...Map.groupBy(all, ({ language }) => language).values()].flatMap((same) => {
    const step = Math.max(1, same.length / most);
    return Array.from({ length: Math.min(most, same.length) }, (_, n) => same[Math.floor(n * step)] ?? []).flat();
  });
}

test('right solutions that a model writes through the tools end proven; stubs and broken ones never', async ({
  skip,
}) => {
  const exercises = part(folder === undefined ? generatedExercises() : await exercisesIn(folder));
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
        console.log(`${told.status} ${told.stage} ${told.seconds} s: ${told.solution}, ${told.exercise}${told.said}`);
        replayed.push(told);
      }
    };
    await Promise.all(Array.from({ length: side }, lane));
  } finally {
    await oracle.end();
  }
  const right = replayed.filter(({ solution }) => solution === 'right');
  const wrong = replayed.filter(({ solution }) => solution !== 'right');
  for (const [language, same] of Map.groupBy(exercises, (exercise) => exercise.language))
    console.log(`${language}: ${same.length}`);
  console.log(`${right.length} right and ${wrong.length} wrong solutions of ${exercises.length} exercises`);
  expect(right.filter(({ status }) => status !== 'proven')).toEqual([]);
  expect(wrong.filter(({ status }) => status === 'proven')).toEqual([]);
}, 14_400_000);
