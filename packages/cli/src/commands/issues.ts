import { IssueQuery, type IssueFound } from '@devfactory/contracts';
import { commonOptions, serverOptions, type Command } from '../command.ts';
import { UsageError } from '../failure.ts';
import { withServer } from '../server/connect.ts';
import { oneLine } from '../terminal.ts';
import { typed } from '../typed.ts';

export const issues: Command = {
  name: 'issues',
  about: 'list open issues of a GitHub repository, as requirements for a run',
  words: 'OWNER/REPO[#NUMBER[,NUMBER …]]',
  count: { least: 1, most: 1 },
  options: {
    label: { value: 'NAME', about: 'only those with this label' },
    ...serverOptions,
    ...commonOptions,
  },
  run: (invocation) => {
    const { arguments: given, terminal } = invocation;
    const query = readQuery(given.words[0] ?? '', given.text('label'));
    return withServer(invocation, async ({ client }) => {
      const found = await client.issues(query);
      if (given.flag('json')) {
        terminal.out(JSON.stringify(found));
        return 0;
      }
      for (const issue of found.issues) terminal.out(line(issue));
      // To the letter what an agent would read; what could move the cursor is no part of it.
      if (query.numbers !== undefined) for (const { wish } of found.issues) terminal.out(`\n${wish.text}`);
      const [first] = found.issues;
      if (!first) terminal.talk(`${query.repository} has no such open issue.`);
      else
        terminal.talk(
          `${found.more ? 'There are more. ' : ''}Read one whole: ${typed(`issues ${query.repository}#${first.number}`)} Take some: ${typed(`run "…" --issues ${query.repository}#${first.number}`)}`,
        );
      return 0;
    });
  },
};

function readQuery(words: string, label: string | null): IssueQuery {
  const [repository, numbers] = words.split(/#(.*)/s);
  const { data } = IssueQuery.safeParse({
    repository,
    ...(numbers === undefined ? {} : { numbers }),
    ...(label === null ? {} : { label }),
  });
  if (!data) throw new UsageError(`'${words}' is not ${issues.words}, e.g. acme/shop or acme/shop#12,14`);
  return data;
}

function line({ number, title, author, mayWrite, cut }: IssueFound): string {
  const who = `${oneLine(author, 40)}${mayWrite ? '' : ', who may not write there'}`;
  return `#${number}  ${oneLine(title, 100)}  (${who}${cut ? '; too long, ends early' : ''})`;
}
