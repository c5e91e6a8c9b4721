import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ForeignPlace } from './foreign-origins.ts';
import { writeEntry, writeNote } from './pages.ts';
import { passCookies } from './pass-cookie.ts';
import type { Passes } from './passes.ts';

/** Everything below it on every foreign origin is the gateway's own; no application sees it. */
const reserved = '/.devfactory/';
export const entryPath = reserved;
/** Where a ticket is traded for a pass: by a POST with the field `ticket`, or with the ticket in the fragment of the address. */
export const enterPath = `${reserved}enter`;

const mostBytes = 1024;
const bodyMs = 10_000;

export interface Entry {
  readonly passes: Passes;
  readonly place: ForeignPlace;
  readonly isSecure: boolean;
}

export async function takeEntry(request: IncomingMessage, response: ServerResponse, entry: Entry): Promise<void> {
  if (request.url !== enterPath)
    return writeNote(response, { status: 404, title: 'Not here', sentence: 'There is no such page.', framedBy: [] });
  if (request.method === 'GET') return writeEntry(response, enterPath);
  const ticket = request.method === 'POST' ? await readTicket(request) : null;
  const redeemed = ticket === null ? null : entry.passes.redeem(ticket, entry.place);
  if (!redeemed)
    return writeNote(response, {
      status: 403,
      title: 'This ticket is no longer good',
      sentence: 'It works once and within a minute. Open the preview from the console again.',
      framedBy: ['http:', 'https:'],
    });
  response.writeHead(303, {
    location: redeemed.path,
    'set-cookie': passCookies(redeemed.secret, entry.isSecure),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  });
  response.end();
}

/** The form's one field; null when it is anything else, too long or too slow. */
async function readTicket(request: IncomingMessage): Promise<string | null> {
  const timer = setTimeout(() => request.destroy(), bodyMs);
  try {
    let text = '';
    for await (const chunk of request as AsyncIterable<Buffer>) {
      text += chunk.toString('latin1');
      if (text.length > mostBytes) return null;
    }
    return new URLSearchParams(text).get('ticket');
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
