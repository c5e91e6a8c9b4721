import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

export interface Note {
  readonly status: number;
  readonly title: string;
  readonly sentence: string;
  /** Seconds after which the page tries again by itself. */
  readonly againAfter?: number;
  readonly framedBy: readonly string[];
}

const style =
  'body{font:15px/1.5 system-ui,sans-serif;margin:0;display:grid;place-content:center;min-height:100vh;padding:24px;box-sizing:border-box;text-align:center;color-scheme:light dark}h1{font-size:17px;margin:0 0 4px}p{margin:0;max-width:60ch;opacity:.8}';

/** A page of the gateway's own, in the place of the application's. */
export function writeNote(response: ServerResponse, note: Note): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const again = note.againAfter === undefined ? '' : `<meta http-equiv="refresh" content="${note.againAfter}">`;
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">${again}<title>${escape(note.title)}</title><style>${style}</style><main role="status"><h1>${escape(note.title)}</h1><p>${escape(note.sentence)}</p></main>`;
  write(response, { status: note.status, body, policy: `style-src 'unsafe-inline'`, framedBy: note.framedBy });
}

const enterScript = `const f=document.forms[0];f.ticket.value=location.hash.slice(1);history.replaceState(null,'',location.pathname);f.submit()`;
const enterHash = createHash('sha256').update(enterScript).digest('base64');

/** Takes a ticket out of the address's fragment, which no server and no log sees, and sends it as the console would. */
export function writeEntry(response: ServerResponse, path: string): void {
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Opening</title><form method="post" action="${path}"><input type="hidden" name="ticket"></form><script>${enterScript}</script>`;
  write(response, { status: 200, body, policy: `script-src 'sha256-${enterHash}'; form-action 'self'`, framedBy: [] });
}

function write(
  response: ServerResponse,
  page: {
    readonly status: number;
    readonly body: string;
    readonly policy: string;
    readonly framedBy: readonly string[];
  },
): void {
  response.writeHead(page.status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; ${page.policy}; base-uri 'none'; frame-ancestors 'self' ${page.framedBy.join(' ')}`,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    // What is left of the request's body is not read.
    connection: 'close',
  });
  response.end(body(page, response));
}

function body(page: { readonly body: string }, response: ServerResponse): string | undefined {
  return response.req.method === 'HEAD' ? undefined : page.body;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
