import type { EventOf } from './event.ts';
import type { GuidanceItem, TrustMark } from './guidance.ts';

/** What a run knows of guidance. What was found in its files is data until a person trusts exactly these bytes. */
export interface GuidanceState {
  /** What people's settings gave when the last turn began. */
  readonly declared: readonly GuidanceItem[];
  /** What the files brought when the last turn began. */
  readonly found: readonly GuidanceItem[];
  /** How many more there were than are named. */
  readonly leftOut: number;
  readonly trusted: readonly TrustMark[];
  /** What servers of tools said they offer, the last of each name. */
  readonly servers: readonly EventOf<'server.listed'>['data'][];
}

export const noGuidance: GuidanceState = { declared: [], found: [], leftOut: 0, trusted: [], servers: [] };

export function isTrusted({ trusted }: Pick<GuidanceState, 'trusted'>, { path, hash }: TrustMark): boolean {
  return trusted.some((mark) => mark.path === path && mark.hash === hash);
}

/** What an agent is to follow: all that people declared, then what they trust of the files. */
export function guidanceInForce(
  state: GuidanceState,
): readonly { readonly from: 'person' | 'project'; readonly item: GuidanceItem }[] {
  return [
    ...state.declared.map((item) => ({ from: 'person' as const, item })),
    ...state.found.filter((item) => isTrusted(state, item)).map((item) => ({ from: 'project' as const, item })),
  ].filter(({ item }) => item.trouble === '' && item.body !== null);
}
