import { createHash } from 'node:crypto';
import { canonicalJson } from '@devfactory/contracts';
import {
  DomainError,
  groundworkFolder,
  type Toolchain,
  type Workspace,
  type WorkspaceDriver,
  type WorkspaceMount,
} from '@devfactory/kit';
import { defaultCheckLimits } from '../request.ts';
import { openForOthers } from '../sandbox/verifying.ts';

/** Written last, with what it was made of. */
const doneMark = '.devfactory-made-of';

/** By driver and folder: one at a time makes it, and within one process it is looked for once. */
const laid = new WeakMap<WorkspaceDriver, Map<string, Promise<boolean>>>();

/**
 * What these toolchains make ready for every project of this machine, as an installation sees it. Made in folders where no file of a
 * project has ever been, with loopback only, and mounted read-only: nothing that a run does can change what the next one finds. Where it
 * cannot be made an installation goes without, for it is only faster.
 */
export async function groundworkMounts(
  driver: WorkspaceDriver,
  toolchains: readonly Toolchain[],
): Promise<WorkspaceMount[]> {
  const mounts = await Promise.all(
    [...new Set(toolchains)].map(async (toolchain) => {
      const { groundwork } = toolchain;
      if (!groundwork) return [];
      const workspace = folderOf(toolchain);
      const known = laid.get(driver) ?? new Map<string, Promise<boolean>>();
      laid.set(driver, known);
      const laying = known.get(workspace) ?? lay(driver, toolchain);
      known.set(workspace, laying);
      if (await isLaid(laying)) return [{ workspace, path: groundwork.path, at: groundworkFolder(toolchain.id) }];
      if (known.get(workspace) === laying) known.delete(workspace);
      return [];
    }),
  );
  return mounts.flat();
}

async function isLaid(laying: Promise<boolean>): Promise<boolean> {
  try {
    return await laying;
  } catch (error) {
    // Whatever the machine lacks, the verification meets it next and says so.
    if (error instanceof DomainError) return false;
    throw error;
  }
}

/** Whether it is there now. Throws what opening a workspace throws. */
async function lay(driver: WorkspaceDriver, toolchain: Toolchain): Promise<boolean> {
  const { groundwork } = toolchain;
  if (!groundwork) return false;
  const id = folderOf(toolchain);
  if ((await driver.list()).includes(id)) {
    const isThere = await inFolder(driver, id, async (workspace) => {
      const made = await workspace.files.read(doneMark).then(textOf, () => null);
      return made !== null && made === (await materialOf(workspace, groundwork));
    });
    if (isThere) return true;
    // One that was cut short, or of a toolchain that is another by now.
    await driver.remove(id);
  }
  return inFolder(driver, id, async (workspace) => {
    const material = await materialOf(workspace, groundwork);
    if (material === null || (await workspace.exec(groundwork.make)).exitCode !== 0) return false;
    await openForOthers(workspace, []);
    await workspace.files.write(doneMark, Buffer.from(material));
    return true;
  });
}

async function inFolder<T>(driver: WorkspaceDriver, id: string, act: (workspace: Workspace) => Promise<T>): Promise<T> {
  const workspace = await driver.open({ id, limits: { ...defaultCheckLimits, cpus: 2 }, egress: [] });
  try {
    return await act(workspace);
  } finally {
    await workspace.close();
  }
}

async function materialOf(
  workspace: Workspace,
  { madeOf }: NonNullable<Toolchain['groundwork']>,
): Promise<string | null> {
  const { exitCode, stdout } = await workspace.exec(madeOf);
  return exitCode === 0 ? stdout : null;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function folderOf({ id, groundwork }: Toolchain): string {
  const digest = createHash('sha256')
    .update(canonicalJson({ ...groundwork }))
    .digest('hex');
  return `ground-${id.slice(0, 20)}-${digest.slice(0, 12)}`;
}
