import { headTree, notProven, stageWord, type RunState } from '@devfactory/contracts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { CliError, UsageError } from '../failure.ts';
import { exportForms, readExportTarget, requireWritable, type ExportTarget } from '../input/export-target.ts';
import { typed } from '../typed.ts';
import { sayOptions, sayToRun, type Said } from './say.ts';

export const approve: Command = {
  name: 'approve',
  about: 'approve the plan or the result, whichever the run waits for',
  words: 'RUN',
  count: { least: 1, most: 1 },
  options: {
    plan: { about: 'only if it is the plan' },
    result: { about: 'only if it is the result' },
    unproven: { about: 'approve the result although something is not proven' },
    export: { value: exportForms, about: 'put the approved result here, and stay until it is there' },
    force: { about: 'let --export replace files' },
    ...sayOptions,
  },
  run: async (invocation) => {
    const given = invocation.arguments;
    if (given.flag('plan') && given.flag('result')) throw new UsageError('Choose one: --plan or --result.');
    const force = given.flag('force');
    const target = given.text('export') === null ? null : readExportTarget(given.text('export') ?? '');
    if (target) await requireWritable(target, { force });
    return sayToRun(invocation, (state) => {
      const waitsFor = state.stage.name === 'waiting' ? state.stage.for : null;
      if (waitsFor === 'plan-approval' && !given.flag('result')) return approvePlan(state, target);
      if (waitsFor === 'review' && !given.flag('plan'))
        return approveResult(state, { target, force, unproven: given.flag('unproven') });
      const what = given.flag('plan') ? 'its plan' : given.flag('result') ? 'its result' : 'an approval';
      throw new CliError(
        `Run ${state.id} does not wait for ${what}; it is ${stageWord(state)}. See: ${typed(`show ${state.id}`)}`,
      );
    });
  },
};

function approvePlan(state: RunState, target: ExportTarget | null): Said {
  if (target)
    throw new UsageError(
      `Run ${state.id} waits for its plan to be approved, so there is nothing to export yet; leave --export out.`,
    );
  const version = state.plan.proposed;
  return {
    command: { do: 'approve-plan', version },
    done: `Plan ${version} approved, its checks are locked.`,
  };
}

function approveResult(
  state: RunState,
  options: { readonly target: ExportTarget | null; readonly force: boolean; readonly unproven: boolean },
): Said {
  const tree = headTree(state);
  if (tree === null) throw new CliError(`Run ${state.id} has no result to approve.`);
  const open = notProven(state);
  if (!options.unproven && (open.length > 0 || state.requirements.length === 0)) {
    const what =
      state.requirements.length === 0
        ? 'There are no requirements, so nothing is proven'
        : `Not proven: ${open.join(', ')}`;
    throw new CliError(`${what}. To approve all the same: ${typed(`approve ${state.id} --unproven`)}`, {
      exitCode: exitCodes.notProven,
    });
  }
  return {
    // None named: those of the request.
    command: { do: 'approve-result', tree, destinations: options.target ? [options.target.destination] : [] },
    done: `Result approved (tree ${tree.slice(0, 12)}).`,
    save: options.target ? { target: options.target, force: options.force } : null,
  };
}
