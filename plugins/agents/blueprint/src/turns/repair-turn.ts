import { createHash } from 'node:crypto';
import type { ToolCall } from '@devfactory/contracts';
import type { StepInput } from '@devfactory/kit';
import { filesOf } from '../blueprints/blueprint.ts';
import type { ProjectFile } from '../model/model.ts';
import { whyNothing } from './plan-turn.ts';
import { briefOf, projectOf } from './project.ts';
import { finish, writes } from './work-turn.ts';

type Move = { text: string; calls: Omit<ToolCall, 'id'>[] };

const nothingElse =
  'Every file is as the blueprint makes it. This agent follows fixed rules and cannot invent a repair: reword or waive what is not proven, or give it to an agent with a model.';

/** Puts back files that are missing or differ, once. It has no other idea. */
export function repairTurn(input: StepInput): Move {
  const project = whyNothing(input) === null ? projectOf(briefOf(input)) : null;
  if (!project) return finish('Nothing was built, so there is nothing to repair.');
  const files = filesOf(project.blueprint, project.model);
  const steps = input.history.filter((step) => step.turn === input.turn);
  if (steps.length === 0)
    return {
      text: "Comparing the files with the blueprint's.",
      calls: [{ tool: 'shell', input: { command: compare(files), timeoutMs: 60_000 } }],
    };
  const answer = Object.values(steps[0]?.results ?? {})[0];
  const differing = files.filter(
    ({ path }) =>
      (answer?.text ?? '').split('\n').includes(`${path}: FAILED`) ||
      (answer?.text ?? '').includes(`${path}: FAILED open or read`),
  );
  if (steps.length === 1 && differing.length > 0)
    return { text: `Putting back ${differing.map(({ path }) => path).join(', ')}.`, calls: writes(differing) };
  return finish(
    differing.length > 0 ? `Put back ${differing.length} files that differed from the blueprint's.` : nothingElse,
  );
}

function compare(files: readonly ProjectFile[]): string {
  const lines = files.map(({ path, content }) => `${createHash('sha256').update(content).digest('hex')}  ${path}`);
  return `sha256sum --check --quiet 2>&1 <<'EOF'\n${lines.join('\n')}\nEOF`;
}
