import { refuseRemoval, type Removal, type RemovalPreview, type RunState } from '@devfactory/contracts';
import type { EventStore } from '../store/event-store.ts';
import type { UploadFiles } from '../uploads/upload-files.ts';
import type { BlobIndex } from './blob-index.ts';
import type { Leftovers } from './leftovers.ts';

interface ListingParts {
  readonly events: EventStore;
  readonly uploads: UploadFiles;
  readonly index: BlobIndex;
  readonly leftovers: Leftovers;
}

type Goes = RemovalPreview['goes'][number];
type Stays = RemovalPreview['stays'][number];

/** What a removal takes away and what stays, with sizes. The index is up to date. */
export async function listRemoval(parts: ListingParts, state: RunState, removal: Removal): Promise<RemovalPreview> {
  const blobs = await blobsThatGo(parts, state, removal);
  const events = await parts.events.read(state.id, 0);
  const logBytes = events.reduce((sum, event) => sum + Buffer.byteLength(JSON.stringify(event.data)), 0);
  const upload = await uploadOf(parts, state, removal);
  const goes = [await workspaceGoes(parts, state), checkpointsGo(state, removal), blobs.goes];
  const stays: (Stays | null)[] = [blobs.stays, upload.stays];
  if (removal === 'delete') {
    goes.push({
      what: 'log',
      count: events.length,
      bytes: logBytes,
      sentence: 'The log: what was said, done and proven.',
    });
    stays.push(record);
  } else stays.push(...archiveKeeps(state, { count: events.length, bytes: logBytes }));
  const all = [...goes, upload.goes].filter((item) => item !== null);
  return {
    do: removal,
    runId: state.id,
    seq: state.seq,
    goes: all,
    stays: stays.filter((item) => item !== null),
    // Checkpoints lie in blobs, and are counted there.
    frees: all.reduce((sum, item) => sum + (item.what === 'checkpoints' ? 0 : item.bytes), 0),
    refusal: refuseRemoval(state, removal),
  };
}

const record: Stays = {
  what: 'record',
  count: 1,
  bytes: 0,
  sentence: 'That there was a run of this id, since when, and who deleted it when.',
  runs: [],
};

async function workspaceGoes({ leftovers }: ListingParts, state: RunState): Promise<Goes | null> {
  const usage = await leftovers.usageOf(state.id);
  return usage === null
    ? null
    : {
        what: 'workspace',
        count: usage.files,
        bytes: usage.bytes,
        sentence: 'The workspace with its files on this machine.',
      };
}

function checkpointsGo(state: RunState, removal: Removal): Goes | null {
  const kept = state.archived?.kept ?? null;
  const there = state.checkpoints.filter(({ id }) => kept === null || kept.includes(id));
  const gone = removal === 'delete' ? there : there.filter(({ id }) => !state.pinned.includes(id));
  if (gone.length === 0) return null;
  const bytes = gone.reduce((sum, item) => sum + item.bytes, 0);
  return {
    what: 'checkpoints',
    count: gone.length,
    bytes,
    sentence: `Checkpoints ${nameFew(gone.map(({ id }) => id))}.`,
  };
}

function nameFew(ids: readonly string[]): string {
  return ids.length <= 8 ? ids.join(', ') : `${ids.slice(0, 7).join(', ')} and ${ids.length - 7} more`;
}

async function blobsThatGo(
  { index, events }: ListingParts,
  state: RunState,
  removal: Removal,
): Promise<{ goes: Goes | null; stays: Stays | null }> {
  const all = await events.read(state.id, 0);
  const now = await index.usesOf(all, state.archived?.kept ?? null);
  const after = removal === 'delete' ? new Set<string>() : await index.usesOf(all, state.pinned);
  const gone = new Set([...now].filter((digest) => !after.has(digest)));
  const shared = await index.shared(state.id, gone);
  const own = [...gone].filter((digest) => !shared.has(digest));
  const runs = [...new Set([...shared.values()].flat())];
  return {
    goes:
      own.length === 0
        ? null
        : {
            what: 'blobs',
            count: own.length,
            bytes: await index.sizesOf(own),
            sentence:
              'Stored bytes of checkpoints, logs and answers that nothing else needs. What is younger than a quarter of an hour goes a little later.',
          },
    stays:
      shared.size === 0
        ? null
        : {
            what: 'blobs',
            count: shared.size,
            bytes: await index.sizesOf(shared.keys()),
            sentence: 'Stored bytes that other runs need too, such as forks of this one.',
            runs: runs.slice(0, 20),
          },
  };
}

async function uploadOf(
  { uploads }: ListingParts,
  state: RunState,
  removal: Removal,
): Promise<{ goes: Goes | null; stays: Stays | null }> {
  const source = state.request.source;
  const found = source.kind === 'upload' ? await uploads.usersOf(source.uploadId) : null;
  if (found === null) return { goes: null, stays: null };
  const others = found.runs.filter((id) => id !== state.id);
  const item = { what: 'upload' as const, count: 1, bytes: found.bytes };
  if (removal === 'delete' && others.length === 0)
    return { goes: { ...item, sentence: 'The ZIP that it began with.' }, stays: null };
  return {
    goes: null,
    stays: {
      ...item,
      sentence: 'The ZIP that it began with.',
      runs: (removal === 'delete' ? others : [state.id]).slice(0, 20),
    },
  };
}

function archiveKeeps(state: RunState, log: { readonly count: number; readonly bytes: number }): Stays[] {
  const files = state.exports.flatMap((item) => item.files);
  const pinned = state.checkpoints.filter(({ id }) => state.pinned.includes(id));
  const kept: Stays[] = [
    { what: 'log', ...log, sentence: 'The log: what was said, done and proven.', runs: [] },
    {
      what: 'proof',
      count: state.evidence.length,
      bytes: files.reduce((sum, file) => sum + file.bytes, 0),
      sentence: `The evidence with its logs, and ${files.length === 0 ? 'nothing was delivered' : `${files.length} delivered files`}.`,
      runs: [],
    },
  ];
  if (pinned.length > 0)
    kept.push({
      what: 'checkpoints',
      count: pinned.length,
      bytes: pinned.reduce((sum, item) => sum + item.bytes, 0),
      sentence: `Pinned checkpoints ${nameFew(pinned.map(({ id }) => id))}.`,
      runs: [],
    });
  return kept;
}
