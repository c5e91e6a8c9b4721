import { createHash } from 'node:crypto';
import { isTrusted, mostGuidance, type Fact, type GuidanceItem, type RunState } from '@devfactory/contracts';
import type { DeclaredGuidance } from '@devfactory/kit';
import type { EngineDeps } from '../deps.ts';
import { findGuidance } from './find-guidance.ts';
import { listingOf } from './skill-files.ts';

/**
 * What changed since the log last said what steers the agent: people's settings, the files of the head, and what of these was trusted
 * in an earlier run of the project. Asked when a turn begins.
 */
export async function guidanceFacts(deps: Pick<EngineDeps, 'blobs' | 'guidance'>, state: RunState): Promise<Fact[]> {
  const { blobs, guidance } = deps;
  const facts: Fact[] = [];
  const wishes = (await guidance?.declared(state.id)) ?? [];
  const declared = await Promise.all(wishes.slice(0, mostGuidance).map((wish) => declaredItem(deps, wish)));
  if (!isSame(declared, state.guidance.declared)) facts.push({ type: 'guidance.declared', data: { items: declared } });
  const head = state.checkpoints.find(({ id }) => id === state.head);
  if (!head) return facts;
  const { items, leftOut } = await findGuidance(blobs, head);
  if (!isSame(items, state.guidance.found) || leftOut !== state.guidance.leftOut)
    facts.push({ type: 'guidance.found', data: { checkpointId: head.id, items: [...items], leftOut } });
  const known = new Set(state.guidance.found.map(({ path, hash }) => `${hash} ${path}`));
  // Only what is new to this run: what a person took back here stays taken back.
  const fresh = items.filter((item) => !known.has(`${item.hash} ${item.path}`) && !isTrusted(state.guidance, item));
  const marks = fresh.length === 0 ? [] : ((await guidance?.remembered(state.id)) ?? []);
  for (const { path, hash, trouble } of fresh)
    if (trouble === '' && isTrusted({ trusted: marks }, { path, hash }))
      facts.push({ type: 'guidance.trusted', data: { path, hash } });
  return facts;
}

async function declaredItem(
  { blobs }: Pick<EngineDeps, 'blobs'>,
  { kind, name, about, text, files = [] }: DeclaredGuidance,
): Promise<GuidanceItem> {
  const bytes = new TextEncoder().encode(text);
  const known = { kind, path: name, name, about, bytes: bytes.length, body: await blobs.put(bytes), trouble: '' };
  if (kind !== 'skill') return { ...known, hash: createHash('sha256').update(bytes).digest('hex') };
  // Its words are among the files, so that other words are another skill.
  const listing = listingOf([{ path: 'SKILL.md', hash: known.body }, ...files]);
  return { ...known, hash: createHash('sha256').update(listing).digest('hex'), manifest: await blobs.put(listing) };
}

function isSame(a: readonly GuidanceItem[], b: readonly GuidanceItem[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
