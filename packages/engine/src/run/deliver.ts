import type { ExportRecord, RunState } from '@devfactory/contracts';
import { DomainError, type ExportRequest, type SourceTree } from '@devfactory/kit';
import { openSourceTree } from '../checkpoints/index.ts';
import { ProgressTeller } from '../deliver/progress-teller.ts';
import { refuseSecrets } from '../deliver/secret-scan.ts';
import { toldWords, waivedPlaces } from '../deliver/told-words.ts';
import { buildProof } from '../proof/proof.ts';
import { renderProvenance } from '../proof/provenance.ts';
import { renderReport } from '../proof/report.ts';
import { renderSbom } from '../proof/sbom/sbom.ts';
import { summarize } from '../proof/summary.ts';
import { cutHead } from '../text/cut-text.ts';
import { factory, type RunSession } from './session.ts';

/** Ships exactly the approved tree to one destination. A destination's refusal is a failed export, not a failed run. */
export async function deliver(session: RunSession, exportId: string): Promise<void> {
  const { journal, deps, state } = session;
  const record = state.exports.find((item) => item.id === exportId);
  const approval = state.approval;
  if (!record || !approval)
    throw new DomainError('not_approved', 'conflict', { message: `Export ${exportId} has no approved result.` });
  const interrupts = journal.interrupts();
  try {
    await journal.append(factory, { type: 'export.started', data: { exportId, tree: approval.tree } });
    const exporter = deps.exporters.get(record.destination.kind);
    if (!exporter)
      throw new DomainError('unknown_exporter', 'invalid', {
        message: `There is no exporter ${record.destination.kind}; known are ${[...deps.exporters.keys()].join(', ')}.`,
      });
    const tree = await approvedTree(session, approval);
    const teller = new ProgressTeller((at) => deps.tellProgress?.(state.id, { exportId, ...at }));
    const proof = buildProof(session, approval);
    const waived = waivedPlaces(state, tree.hash);
    await refuseSecrets(teller.reading(tree, 'scanning'), { words: toldWords(proof), waived });
    const json = `${JSON.stringify(proof, null, 2)}\n`;
    const receipt = await exporter.deliver(
      {
        exportId,
        runId: state.id,
        name: state.name,
        destination: record.destination,
        tree: teller.reading(tree, 'packing'),
        progress: teller.take,
        proof: {
          json,
          report: renderReport(proof),
          summary: summarize(proof),
          more: await beside(session, { tree, checkpointId: approval.checkpointId, json }),
        },
        imported: state.imported,
        ...takenBase(state, record),
        blobs: deps.blobs,
      },
      interrupts.signal,
    );
    await journal.append(factory, {
      type: 'export.delivered',
      data: {
        exportId,
        tree: tree.hash,
        location: receipt.location,
        files: [...receipt.files],
        leftOut: [...receipt.leftOut],
        ...(receipt.notes && receipt.notes.length > 0
          ? { notes: receipt.notes.map((note) => cutHead(note, 1000)) }
          : {}),
        ...(receipt.readBack ? { readBack: receipt.readBack } : {}),
        ...(exporter.arrived ? { awaitsCheck: true as const } : {}),
      },
    });
  } catch (error) {
    if (error instanceof DomainError && error.code === 'lease_lost') throw error;
    // A person interrupted it: the export stays started, and is looked at again when the run goes on.
    if (interrupts.signal.aborted) return;
    if (!(error instanceof DomainError)) throw error;
    await journal.append(factory, {
      type: 'export.failed',
      data: { exportId, reason: cutHead(error.message, 2000) || error.code },
    });
  } finally {
    interrupts.end();
  }
}

/** The last that was merged into the run's files of what this destination is. */
function takenBase({ bases, exports }: RunState, { destination }: ExportRecord): { readonly base?: string } {
  const same = (exportId: string): boolean => {
    const other = exports.find(({ id }) => id === exportId)?.destination;
    return (
      destination.kind === 'github' &&
      other?.kind === 'github' &&
      other.repository.toLowerCase() === destination.repository.toLowerCase() &&
      other.base === destination.base
    );
  };
  const base = bases.findLast((item) => item.state === 'taken' && same(item.exportId))?.commit ?? null;
  return base === null ? {} : { base };
}

/** What the tree is made of, and who vouches for all of it. */
async function beside(
  session: RunSession,
  { tree, checkpointId, json }: { readonly tree: SourceTree; readonly checkpointId: string; readonly json: string },
): Promise<NonNullable<ExportRequest['proof']['more']>> {
  const mediaType = 'application/json';
  const sbom = await renderSbom(tree, { name: session.state.name });
  const { signer } = session.deps;
  const files = [{ name: 'sbom.json', mediaType, text: sbom }];
  if (!signer) return files;
  const text = await renderProvenance(session, { tree, checkpointId, proofJson: json, sbom }, signer);
  return [...files, { name: 'provenance.json', mediaType, text }];
}

/** The tree as the blobs hold it, refused when it is not the one that was approved. */
async function approvedTree(
  session: RunSession,
  approval: { readonly checkpointId: string; readonly tree: string },
): Promise<SourceTree> {
  const tree = await openSourceTree(session.deps.blobs, session.checkpoint(approval.checkpointId));
  if (tree.hash === approval.tree) return tree;
  throw new DomainError('approval_stale', 'conflict', {
    message: `Checkpoint ${approval.checkpointId} holds tree ${tree.hash}, but ${approval.tree} was approved. Review and approve again.`,
  });
}
