import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Client } from '@devfactory/client';
import { destinationText, type Destination, type ExportRecord, type RunState } from '@devfactory/contracts';
import { syncFolder, writeNewFile } from '../durable-file.ts';
import { judgedTree } from '../exit-code.ts';
import { CliError, systemCode } from '../failure.ts';
import { requireAbsent, type ZipFiles } from '../input/export-target.ts';
import { typed } from '../typed.ts';

/** The newest delivery to a destination that holds exactly the tree the run is judged by. A ZIP is the same under every name. */
export function currentDelivery(state: RunState, wanted: Destination): ExportRecord | null {
  const same = ({ destination }: ExportRecord): boolean =>
    wanted.kind === 'zip' ? destination.kind === 'zip' : destinationText(destination) === destinationText(wanted);
  return (
    state.exports.findLast((item) => same(item) && item.state === 'delivered' && item.tree === judgedTree(state)) ??
    null
  );
}

/**
 * Downloads a delivery and its proof. Each file is written beside its place, checked against the hash that the log has, and only then
 * moved there, all of them or, when one fails, none. Gives the paths.
 */
export async function saveDelivery(
  client: Client,
  delivery: { readonly runId: string; readonly record: ExportRecord },
  save: { readonly files: ZipFiles; readonly force: boolean },
): Promise<readonly string[]> {
  const { runId, record } = delivery;
  const again = typed(`export ${runId} zip:${save.files.zip}`);
  const parts = record.files.flatMap((file) => {
    const path = placeOf(file.name, save.files);
    return path === null
      ? []
      : [{ file, path, partial: join(dirname(path), `.${basename(path)}.${process.pid}.part`) }];
  });
  try {
    for (const { file, partial } of parts) {
      const { body } = await client.runs.download(runId, record.id, file.name);
      const { digest } = await writeNewFile(partial, body, 0o644);
      if (digest !== file.digest)
        throw new CliError(
          `${file.name} came with another hash than the log has; nothing was saved. Try again: ${again}`,
        );
    }
    for (const { path } of parts) await requireAbsent(path, save);
    for (const { partial, path } of parts) await rename(partial, path);
  } catch (error) {
    if (systemCode(error) === 'ENOSPC')
      throw new CliError(
        `The disk of ${dirname(save.files.zip)} is full; nothing was saved. Make room, then: ${again}`,
        { cause: error },
      );
    throw error;
  } finally {
    for (const { partial } of parts) await rm(partial, { force: true });
  }
  await syncFolder(dirname(save.files.zip));
  return parts.map(({ path }) => path);
}

function placeOf(name: string, files: ZipFiles): string | null {
  if (name.endsWith('.proof.json')) return files.proofJson;
  if (name.endsWith('.proof.html')) return files.proofHtml;
  if (name.endsWith('.sbom.json')) return files.sbom;
  if (name.endsWith('.provenance.json')) return files.provenance;
  return name.endsWith('.zip') ? files.zip : null;
}
