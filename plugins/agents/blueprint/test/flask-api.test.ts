import { afterAll, describe, expect, it } from 'vitest';
import { GeneratedProject, python } from './generated.ts';

const projects: GeneratedProject[] = [];
const generate = (prompt: string, requirements: readonly string[] = []): GeneratedProject => {
  const project = new GeneratedProject(prompt, requirements);
  projects.push(project);
  return project;
};
afterAll(() => projects.forEach((project) => project.remove()));

const prompts = [
  'Build a Flask API with JWT auth for books with title, author and published year.',
  'Flask API: inventory of plants: name, latin name, price > 0, in stock',
  'Build a Flask API with JWT auth',
  'Python REST API for mice (name unique, weight: decimal between 1 and 90, fur colour: one of grey, white, brown, born on, tags, website, seen at: datetime, notes) and news with class, from and order',
];

describe.skipIf(python === null)(`a Flask project${python === null ? ' (skipped: no python3 with flask, jwt and pytest)' : ''}`, () => {
  it.each(prompts)('passes its own tests and every check proposed for it: %s', async (prompt) => {
    const project = generate(prompt);
    const { work, proposal } = await project.build();
    expect(work.text).toMatch(/\d+ passed/);
    expect(await project.failedChecks(proposal)).toEqual([]);
    expect(project.run(python ?? '', ['-m', 'compileall', '-q', 'app', 'tests']).code).toBe(0);
  }, 180_000);
});
