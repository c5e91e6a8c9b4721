import type { Command } from '../command.ts';
import { CliError } from '../failure.ts';
import { sayOptions, sayToRun } from './say.ts';

const mostPlaces = 100;

export const waiveSecrets: Command = {
  name: 'waive-secrets',
  about: 'say why what looks like secrets in this result may be delivered all the same',
  words: 'RUN',
  count: { least: 1, most: 1 },
  options: { reason: { value: 'TEXT', about: 'why; it is kept in the log and in the proof' }, ...sayOptions },
  run: (invocation) => {
    const reason = invocation.arguments.text('reason')?.trim() ?? '';
    if (reason === '') throw new CliError('Say why they may go: --reason TEXT.');
    return sayToRun(invocation, async ({ id }, { client }) => {
      const { tree, secrets } = await client.runs.deliveryPreview(id, { kind: 'zip' });
      if (secrets.length === 0) throw new CliError('Nothing in this result looks like a secret.');
      const places = secrets.slice(0, mostPlaces);
      for (const place of places) invocation.terminal.talk(place);
      const left = secrets.length - places.length;
      return {
        command: { do: 'waive-secrets', tree, places, reason },
        done: left > 0 ? `These may go; ${left} more are left: say it again.` : 'These may go with this tree.',
        rests: true,
      };
    });
  },
};
