import { commonOptions, serverOptions, type Command } from '../command.ts';
import { changeLine, totalsLine } from '../report/change-line.ts';
import { withServer } from '../server/connect.ts';
import { runOf } from './run-argument.ts';

export const compare: Command = {
  name: 'compare',
  about: 'what differs between two checkpoints of a run; left out: from its base to where it stands',
  words: 'RUN [FROM [TO]]',
  count: { least: 1, most: 3 },
  options: {
    all: { about: 'also what is no source: ignored files, .git, empty folders' },
    file: { value: 'PATH', about: 'the difference of this file, line by line' },
    ...serverOptions,
    ...commonOptions,
  },
  run: (invocation) =>
    withServer(invocation, async ({ client }) => {
      const { arguments: given, terminal } = invocation;
      const [word = '', from, to] = given.words;
      const id = await runOf(client, word);
      const span = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
      const scope = given.flag('all') ? 'all' : 'source';
      const found = await client.runs.compare(id, { ...span, scope, limit: 500 });
      const file = given.text('file');
      if (file !== null) {
        const oldPath = found.changes.find((change) => change.path === file)?.oldPath ?? undefined;
        const patch = await client.runs.change(id, {
          from: found.from,
          to: found.to,
          path: file,
          ...(oldPath === undefined ? {} : { oldPath }),
        });
        terminal.out(given.flag('json') ? JSON.stringify(patch) : (patch.patch ?? whyNone(patch)));
      } else if (given.flag('json')) terminal.out(JSON.stringify(found));
      else {
        for (const change of found.changes) terminal.out(changeLine(change));
        terminal.out(totalsLine(found));
      }
      return 0;
    }),
};

function whyNone({ binary, truncated }: { readonly binary: boolean; readonly truncated: boolean }): string {
  if (binary) return 'The file is binary.';
  return truncated ? 'The file is too large to be compared line by line.' : 'Both sides are the same.';
}
