import type { Check, CheckSpec } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import { keyOf } from '../checkpoints/paths.ts';
import { execute, isGone } from '../verify/execute.ts';
import { CheckLog } from '../verify/log.ts';
import type { Outcome } from '../verify/outcome.ts';
import type { OverlayFile } from '../verify/prepare/prepare.ts';
import type { Ready } from '../verify/sandbox/check-sandbox.ts';
import { sandboxId } from '../verify/sandbox/sandboxes.ts';
import type { Verifying } from '../verify/sandbox/verifying.ts';
import { isCode } from '../verify/scope/reachable.ts';
import { reachFile } from './grammar.ts';

/** Runs one check on changed trees. Nothing of it is evidence. */
export interface Bench {
  readonly verifying: Verifying;
  readonly prepared: Ready;
  readonly check: Check;
  /** Of the requirement: time that its checks may still take. */
  readonly purse: { leftMs: number };
  /** `shared`: trials follow each other in one sandbox, emptied in between. Else each has a sandbox of its own. */
  readonly place: { shared: boolean };
}

export interface Trial {
  readonly spec: CheckSpec;
  readonly overlay: readonly OverlayFile[];
  readonly timeoutMs: number;
}

export interface Ran {
  readonly outcome: Outcome;
  /** The marks that probes left. */
  readonly reach: string;
  /** True when nothing ran before it in its sandbox. */
  readonly inNew: boolean;
}

const reachBytes = 1024 * 1024;

/** True where an emptied sandbox is like a new one for what a check starts: no servers, and nothing that is compiled. */
export function canShare({ services, recognised }: Ready, spec: CheckSpec): boolean {
  if (services.length > 0 || recognised.some(({ project }) => project.build.length > 0)) return false;
  if (spec.kind === 'test') return spec.tests.every((id) => isCode(id.split('::')[0] ?? ''));
  return spec.kind === 'command';
}

/** Null when it could not be run at all: the changed tree does not build, or its sandbox died. */
export async function tryOut(bench: Bench, { spec, overlay, timeoutMs }: Trial): Promise<Ran | null> {
  const { verifying, prepared, check, purse, place } = bench;
  verifying.signal.throwIfAborted();
  const sandbox = sandboxOf(bench);
  const before = verifying.sandboxes.opened(sandbox);
  const began = performance.now();
  let keeps = false;
  try {
    const outcome = await execute({
      verifying,
      prepared: { ...prepared, overlay: seenBy(prepared, overlay) },
      check: { ...check, timeoutMs },
      spec,
      sandbox,
      log: new CheckLog(),
    });
    const reach = await reachIn(verifying, sandbox);
    keeps = place.shared;
    return { outcome, reach, inNew: verifying.sandboxes.opened(sandbox) !== before };
  } catch (error) {
    if (verifying.signal.aborted) throw error;
    if (isGone(error) || (error instanceof DomainError && error.code === 'overlay_not_built')) return null;
    throw error;
  } finally {
    if (!keeps) await verifying.sandboxes.remove(sandbox);
    purse.leftMs -= performance.now() - began;
  }
}

/** Gives the sandbox up that trials share: the next one begins in a new one. */
export async function leave(bench: Bench): Promise<void> {
  await bench.verifying.sandboxes.remove(sandboxOf(bench));
}

/** Named like any execution of the check: what runs in it cannot tell that it is a mutant by that. A check has one trial at a time. */
function sandboxOf({ verifying, check }: Bench): string {
  return sandboxId(verifying.request, `${check.id.toLowerCase()}-1`);
}

/** A check that sees a part of the tree gets no more of it by the back door. */
function seenBy({ scope }: Ready, overlay: Trial['overlay']): Trial['overlay'] {
  return scope ? overlay.filter((file) => scope.keys.has(keyOf(file))) : overlay;
}

async function reachIn({ sandboxes }: Verifying, sandbox: string): Promise<string> {
  try {
    const path = reachFile.slice('/workspace/'.length);
    const bytes = await sandboxes.opened(sandbox)?.files.read(path, { maxBytes: reachBytes });
    return Buffer.from(bytes ?? []).toString('latin1');
  } catch (error) {
    if (error instanceof DomainError) return '';
    throw error;
  }
}
