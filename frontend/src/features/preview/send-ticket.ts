import { factory } from '../../api/factory.ts';

interface Opening {
  readonly runId: string;
  readonly port: number;
  readonly path: string;
  /** Name of a frame, or '_blank' for a tab of its own. */
  readonly target: string;
}

/** Gets a ticket and sends it to the preview's own origin by a form: it is in no address, and the page that it opens knows nothing of us. */
export async function sendTicket({ runId, port, path, target }: Opening): Promise<{ readonly origin: string }> {
  const { action, ticket, origin } = await factory.previews.ticket(runId, { port, path });
  const form = document.createElement('form');
  Object.assign(form, { method: 'post', action, target, hidden: true });
  if (target === '_blank') form.rel = 'noopener';
  const field = document.createElement('input');
  Object.assign(field, { name: 'ticket', value: ticket, type: 'hidden' });
  form.append(field);
  document.body.append(form);
  form.submit();
  form.remove();
  return { origin };
}
