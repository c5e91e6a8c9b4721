import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exercise, Files } from './exercise.ts';

/**
 * Exercises in a folder that a person fetched, one folder each, laid out as Exercism's tracks for Python are: `.meta/example.py` is a
 * solution, `NAME.py` what one starts from, `NAME_test.py` asks. Those laid out otherwise are left out.
 */
export async function exercisesIn(folder: string): Promise<Exercise[]> {
  const names = (await readdir(folder)).toSorted();
  const read = await Promise.all(names.map((name) => pythonExercise(join(folder, name), name)));
  return read.filter((exercise) => exercise !== null);
}

async function pythonExercise(folder: string, name: string): Promise<Exercise | null> {
  const module = name.replaceAll('-', '_');
  const [start, solution, tests] = await Promise.all(
    [`${module}.py`, '.meta/example.py', `${module}_test.py`].map((path) =>
      readFile(join(folder, path), 'utf8').catch(() => null),
    ),
  );
  if (!start || !solution || !tests) return null;
  const file = (text: string): Files => ({ [`${module}.py`]: text });
  return {
    name: `${name} in Python (from a folder)`,
    language: 'Python',
    base: file(start),
    right: file(solution),
    wrong: {
      'what one starts from': file(start),
      // Every function gives nothing.
      broken: file(solution.replaceAll(/\breturn (?=\S)/g, 'return None and ')),
    },
    check: {
      kind: 'command',
      argv: ['python3', '-m', 'unittest', '-v', `${module}_test`],
      files: [{ path: `${module}_test.py`, content: tests }],
      expect: { exitCode: 0, stderrIncludes: ['OK'] },
    },
  };
}
