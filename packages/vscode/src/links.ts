import type { ToldInIde } from '@devfactory/contracts';

/** Pages of the console. Nothing happens by opening one: the person does it there, with their own login. */
export const links = {
  run: ({ page }: ToldInIde) => at(page, {}),
  requirement: ({ page }: ToldInIde, id: string) => at(page, { view: 'evidence', req: id }),
  checkpoint: ({ page }: ToldInIde, id: string) => at(page, { view: 'changes', ck: id, base: 'step' }),
  checkpoints: ({ page }: ToldInIde) => at(page, { pane: 'more' }),
  preview: ({ page }: ToldInIde) => at(page, { view: 'preview' }),
  /** Behind the #, which a browser sends to no server. The console puts the words into the box, and the person sends them. */
  say: ({ page }: ToldInIde, words: string) => `${at(page, {})}#say=${encodeURIComponent(words)}`,
} as const;

/**
 * The same address for a browser, in a spelling that code-server does not know: it takes this machine's own for ports of the sandbox and
 * leads them to its proxy, which is off.
 */
export function pastProxy(page: string): string {
  return page
    .replace(/^(https?:\/\/)127\.0\.0\.1(?=[:/])/, (_, scheme: string) => `${scheme}127.1`)
    .replace(/^(https?:\/\/)localhost(?=[:/])/, (_, scheme: string) => `${scheme}LOCALHOST`);
}

function at(page: string, search: Readonly<Record<string, string>>): string {
  const url = new URL(page);
  url.search = new URLSearchParams(search).toString();
  url.hash = '';
  return url.href;
}
