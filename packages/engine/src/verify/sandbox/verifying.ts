import {
  type Command,
  DomainError,
  type ExecResult,
  type ExecSpec,
  type SourceTree,
  type Workspace,
} from '@devfactory/kit';
import type { Runners } from '../checks/runners.ts';
import { tail } from '../log.ts';
import type { VerifyDeps, VerifyRequest } from '../request.ts';
import type { Scopes } from '../scope/scopes.ts';
import type { Sandboxes } from './sandboxes.ts';

/** What one verification shares between its checks. */
export interface Verifying {
  readonly deps: VerifyDeps;
  readonly request: VerifyRequest;
  readonly sandboxes: Sandboxes;
  readonly tree: SourceTree;
  readonly signal: AbortSignal;
  /** What of the tree each check sees. */
  readonly scopes: Scopes;
  readonly runners: Runners;
}

/** A command of the project with the project's own tools first on PATH. The words of the command are data to this script. */
export function inProject(command: Command, binPaths: readonly string[]): ExecSpec {
  const folders = binPaths.map((path) => `/workspace/${path}`).join(':');
  const argv =
    folders === ''
      ? command.argv
      : ['/bin/sh', '-c', 'PATH="$0:$PATH"; export PATH; exec "$@"', folders, ...command.argv];
  return { ...command, argv };
}

/** Other sandboxes have other users: they may read and enter everything, and still change nothing. */
export async function openForOthers(workspace: Workspace, except: readonly string[]): Promise<void> {
  const skip = except.flatMap((path, index) => [...(index === 0 ? [] : ['-o']), '-path', `./${path}`]);
  const pruned = skip.length === 0 ? [] : ['(', ...skip, ')', '-prune', '-o'];
  await own(workspace, ['find', '.', ...pruned, '!', '-type', 'l', '-exec', 'chmod', 'a+rX', '{}', '+']);
}

/** A command of the verifier's own, before or beside project code. Throws DomainError verifier_blocked when it fails: the surroundings are at fault. */
export async function own(workspace: Workspace, argv: readonly string[]): Promise<ExecResult> {
  const result = await workspace.exec({ argv, timeoutMs: 300_000 });
  if (result.exitCode !== 0) {
    throw new DomainError('verifier_blocked', 'unavailable', {
      message: `The verifier's own ${argv[0]} failed in its sandbox: ${tail(result, 500)}`,
    });
  }
  return result;
}
