import type { Check, Checkpoint, Evidence } from '@devfactory/contracts';
import type { BlobStore, SourceTree, Toolchain, WorkspaceDriver, WorkspaceLimits } from '@devfactory/kit';
import type { EgressSum } from '../egress-sums.ts';

/** What a verification needs from the world. */
export interface VerifyDeps {
  readonly driver: WorkspaceDriver;
  readonly blobs: BlobStore;
  readonly toolchains: readonly Toolchain[];
  /** How many times slower than at rest the machine is; asked of it when left out. */
  readonly slowness?: () => number;
}

/** Locked checks to be run on one checkpoint's source tree. */
export interface VerifyRequest {
  readonly runId: string;
  /** Unique within the installation: it names the sandboxes. */
  readonly verificationId: string;
  readonly checkpoint: Checkpoint;
  /** What is verified in place of the checkpoint's own tree. */
  readonly tree?: SourceTree;
  /** True when the tree is the base and the question is what the checks can tell apart. */
  readonly onBase: boolean;
  /** Every check that counts for the tree, those asked included: they decide what is installed and built. Left out: those asked. */
  readonly plan?: readonly Check[];
  readonly checks: readonly { readonly check: Check; readonly requirementVersion: number }[];
  /** Of each sandbox; what is missing takes the verifier's default. */
  readonly limits?: Partial<WorkspaceLimits>;
}

export function planOf({ plan, checks }: Pick<VerifyRequest, 'plan' | 'checks'>): readonly Check[] {
  return plan ?? checks.map(({ check }) => check);
}

/** Evidence as it comes, in no fixed order, one for each check. Iterate once; then ask for the rest. */
export interface Verification extends AsyncIterable<Evidence> {
  /** Where the verification's sandboxes wanted to go. Complete after the last evidence. */
  egress(): readonly EgressSum[];
  /** Limits that this machine did not enforce, in words. Complete after the last evidence. */
  notEnforced(): readonly string[];
}

const mebibyte = 1024 ** 2;

export const defaultCheckLimits: WorkspaceLimits = {
  memoryBytes: 2048 * mebibyte,
  processes: 256,
  cpus: 1,
  diskBytes: 4096 * mebibyte,
  files: 300_000,
  tmpBytes: 256 * mebibyte,
};
