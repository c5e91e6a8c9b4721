import { DomainError } from '@devfactory/kit';
import { browserCheck } from './checks/browser-check.ts';
import { commandCheck } from './checks/command-check.ts';
import type { Execution } from './checks/execution.ts';
import { fileCheck } from './checks/file-check.ts';
import { httpCheck } from './checks/http-check.ts';
import { testCheck } from './checks/test-check.ts';
import { failed, type Outcome } from './outcome.ts';
import { slownessNow } from './slowness.ts';

/**
 * One execution in a sandbox that is removed afterwards. Time that runs out on a busy machine may be the machine's doing: then it is tried
 * once more, with as much more time as the machine is slower, and that is the answer.
 */
export async function settled(execution: Execution): Promise<Outcome> {
  const outcome = await alive(execution);
  if (outcome.cause !== 'timeout') return outcome;
  const { verifying, check, log, sandbox } = execution;
  const slowness = (verifying.deps.slowness ?? slownessNow)();
  if (slowness <= 1) return outcome;
  const timeoutMs = check.timeoutMs * slowness;
  log.line(`This machine is busy, so it says nothing that time ran out. Once more, with ${timeoutMs} ms.`);
  return alive({ ...execution, check: { ...check, timeoutMs }, sandbox: `${sandbox}t` });
}

/** A sandbox that dies meanwhile is tried once more: the first time it may be the machine, twice it is what runs in it. */
async function alive(execution: Execution): Promise<Outcome> {
  try {
    return await once(execution);
  } catch (error) {
    if (!isGone(error) || execution.verifying.signal.aborted) throw error;
    execution.log.line(`The sandbox ended: ${error.message}. Once more in a new one.`);
  }
  try {
    return await once({ ...execution, sandbox: `${execution.sandbox}x` });
  } catch (error) {
    if (!isGone(error) || execution.verifying.signal.aborted) throw error;
    return failed('assertion', {
      command: execution.check.title,
      excerpt: `The sandbox ended twice while this ran: ${error.message}`,
    });
  }
}

async function once(execution: Execution): Promise<Outcome> {
  try {
    return await execute(execution);
  } finally {
    await execution.verifying.sandboxes.remove(execution.sandbox);
  }
}

/** One execution, in a sandbox that stays until it is removed by its id. */
export function execute(execution: Execution): Promise<Outcome> {
  const { spec } = execution;
  switch (spec.kind) {
    case 'http':
      return httpCheck({ ...execution, spec });
    case 'browser':
      return browserCheck({ ...execution, spec });
    case 'command':
      return commandCheck({ ...execution, spec });
    case 'test':
      return testCheck({ ...execution, spec });
    case 'file':
      return fileCheck({ tree: execution.verifying.tree, spec, log: execution.log });
  }
}

/** True for the error of a sandbox that ended by itself. */
export function isGone(error: unknown): error is DomainError {
  return error instanceof DomainError && error.code === 'workspace_gone';
}
