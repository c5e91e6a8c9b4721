import type { Client } from '@devfactory/client';
import type { ModelCard } from '@devfactory/contracts';
import { commonOptions, serverOptions, type Command } from '../command.ts';
import { UsageError } from '../failure.ts';
import { withServer } from '../server/connect.ts';
import { typed } from '../typed.ts';

export const models: Command = {
  name: 'models',
  about: 'list the models that can be used, or choose the default',
  words: '',
  count: { least: 0, most: 0 },
  options: {
    default: { value: 'PROVIDER/MODEL|none', about: 'what runs take that name no model' },
    ...serverOptions,
    ...commonOptions,
  },
  run: (invocation) => {
    const { arguments: given, terminal } = invocation;
    return withServer(invocation, async ({ client }) => {
      const list = await chosen(client, given.text('default'));
      if (given.flag('json')) terminal.out(JSON.stringify(list));
      else if (list.models.length === 0)
        terminal.talk(
          `No model is set up. Set up a provider: ${typed('provider')}, or start the server with OPENAI_API_KEY.`,
        );
      else for (const model of list.models) terminal.out(line(model));
      return 0;
    });
  },
};

function chosen(client: Client, model: string | null): ReturnType<Client['models']['list']> {
  if (model === null) return client.models.list();
  return client.models.setDefault(model === 'none' ? null : model);
}

function line({ ref, figures, isDefault, why }: ModelCard): string {
  const context = figures.contextTokens === null ? '?' : `${Math.round(figures.contextTokens / 1000)}k`;
  const price =
    figures.inputUsd === null || figures.outputUsd === null
      ? 'price not known'
      : `$${figures.inputUsd} in, $${figures.outputUsd} out`;
  const note = why === '' ? '' : `  (${why})`;
  return `${isDefault ? '*' : ' '} ${ref.padEnd(44)} ${context.padStart(6)}  ${price}${note}`;
}

export const provider: Command = {
  name: 'provider',
  about: 'list model providers, or set one up, test and forget it',
  words: '[ID] [FIELD=VALUE …]',
  count: { least: 0, most: 10 },
  options: {
    'key-stdin': { about: 'read its key from stdin; a key is never an argument' },
    test: { about: 'ask it for real: a streamed call of a tool and back' },
    model: { value: 'NAME', about: 'with --test: which model (default its first)' },
    forget: { about: 'forget what was set, the key included' },
    ...serverOptions,
    ...commonOptions,
  },
  run: (invocation) => {
    const { arguments: given, terminal } = invocation;
    const [id, ...pairs] = given.words;
    return withServer(invocation, async ({ client }) => {
      if (id === undefined) {
        const cards = await client.models.providers();
        if (given.flag('json')) terminal.out(JSON.stringify(cards));
        else
          for (const card of cards)
            terminal.out(`${card.usable ? '*' : ' '} ${card.id.padEnd(18)} ${card.why || `set up (${card.from})`}`);
        return 0;
      }
      const values = await readValues(pairs, given.flag('key-stdin'));
      if (given.flag('forget')) await client.models.forget(id);
      if (Object.keys(values).length > 0) await client.models.save(id, values);
      if (!given.flag('test')) {
        terminal.talk(given.flag('forget') ? `${id} is forgotten.` : `${id} is set up.`);
        return 0;
      }
      const found = await client.models.test(id, { model: given.text('model') });
      if (given.flag('json')) terminal.out(JSON.stringify(found));
      else
        terminal.talk(
          `${found.ok ? 'It works' : 'It does not work'}${found.field === null ? '' : ` (${found.field})`}: ${found.sentence}`,
        );
      return found.ok ? 0 : 1;
    });
  },
};

async function readValues(pairs: readonly string[], keyFromStdin: boolean): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(`'${pair}' is not FIELD=VALUE, e.g. baseUrl=https://models.example/v1`);
    const name = pair.slice(0, at);
    // Arguments can be seen by every process of the machine, and stay in the shell's history.
    if (/key|secret|token|password/i.test(name))
      throw new UsageError(`A key is no argument: pass it on stdin with --key-stdin.`);
    values[name] = pair.slice(at + 1);
  }
  if (keyFromStdin) {
    process.stdin.setEncoding('utf8');
    let key = '';
    for await (const part of process.stdin) key += String(part);
    if (key.trim() === '') throw new UsageError('No key came on stdin.');
    values['key'] = key.trim();
  }
  return values;
}
