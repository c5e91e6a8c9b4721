import type { FoldsOf } from './fold-parts.ts';

/** What steers the agent: what people declared, what the files bring, and what of that a person trusts. */
export const guidanceFolds: FoldsOf<'guidance' | 'server'> = {
  'guidance.declared': ({ guidance }, { items }) => ({ guidance: { ...guidance, declared: items } }),
  'guidance.found': ({ guidance }, { items, leftOut }) => ({ guidance: { ...guidance, found: items, leftOut } }),
  'guidance.trusted': ({ guidance }, { path, hash }) => ({
    guidance: { ...guidance, trusted: [...without(guidance.trusted, { path, hash }), { path, hash }] },
  }),
  'server.listed': ({ guidance }, listed) => ({
    guidance: { ...guidance, servers: [...guidance.servers.filter(({ name }) => name !== listed.name), listed] },
  }),
  'guidance.distrusted': ({ guidance }, mark) => ({
    guidance: { ...guidance, trusted: without(guidance.trusted, mark) },
  }),
};

function without<T extends { readonly path: string; readonly hash: string }>(marks: readonly T[], mark: T): T[] {
  return marks.filter(({ path, hash }) => path !== mark.path || hash !== mark.hash);
}
