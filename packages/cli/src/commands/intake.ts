import { Intake, type IntakeAsk, type IntakeList } from '@devfactory/contracts';
import { commonOptions, serverOptions, type Command, type Invocation } from '../command.ts';
import { UsageError } from '../failure.ts';
import { withServer } from '../server/connect.ts';
import { oneLine } from '../terminal.ts';

export const intake: Command = {
  name: 'intake',
  about: 'list repositories whose issues may begin runs, switch it on for one, or off',
  words: '[OWNER/REPO]',
  count: { least: 0, most: 1 },
  options: {
    on: { about: 'from now on its issues may begin runs' },
    off: { about: 'its issues begin no more runs' },
    label: { value: 'NAME', about: 'an issue that gets it asks for a run (devfactory)' },
    auto: { about: 'such runs approve plans and proven results on the spot' },
    agent: { value: 'ID', about: 'who works in such runs' },
    model: { value: 'PROVIDER/MODEL', about: 'the model that such runs ask' },
    budget: { value: 'USD', about: 'what each may cost' },
    ...serverOptions,
    ...commonOptions,
  },
  run: (invocation) => {
    const { arguments: given, terminal } = invocation;
    const [repository] = given.words;
    const [on, off] = [given.flag('on'), given.flag('off')];
    if (on && off) throw new UsageError('On or off: choose one.');
    if (repository === undefined && (on || off))
      throw new UsageError('Which one? Name it: devfactory intake OWNER/REPO …');
    const wanted = on ? readIntake(given) : null;
    return withServer(invocation, async ({ client }) => {
      const list = wanted
        ? await client.intakes.switchOn(wanted)
        : off && repository !== undefined
          ? await client.intakes.switchOff(repository)
          : await client.intakes.list();
      if (given.flag('json')) terminal.out(JSON.stringify(list));
      else if (list.intakes.length === 0 && list.asks.length === 0) terminal.talk('No issues begin runs.');
      else for (const line of linesOf(list, repository ?? null)) terminal.out(line);
      return 0;
    });
  },
};

function readIntake(given: Invocation['arguments']): Intake {
  const [label, agent, model, budget] = [
    given.text('label'),
    given.text('agent'),
    given.text('model'),
    given.text('budget'),
  ];
  const parsed = Intake.safeParse({
    repository: given.words[0],
    autonomy: given.flag('auto') ? 'auto' : 'approve-plan',
    ...(label === null ? {} : { label }),
    ...(agent === null ? {} : { agent }),
    ...(model === null ? {} : { model }),
    ...(budget === null ? {} : { budgetUsd: Number(budget) }),
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`${issue?.path.join('.') ?? 'it'}: ${issue?.message ?? 'is not right'}`);
}

function linesOf({ intakes, asks }: IntakeList, only: string | null): string[] {
  const meant = (repository: string): boolean => only === null || repository.toLowerCase() === only.toLowerCase();
  return [
    ...intakes
      .filter(({ repository }) => meant(repository))
      .map(({ repository, label, autonomy, by, since, trouble }) =>
        oneLine(
          `${repository}  label ${label}, ${autonomy}  on since ${since.slice(0, 16).replace('T', ' ')} by ${by}${trouble === '' ? '' : `  (last look failed: ${trouble})`}`,
          400,
        ),
      ),
    ...asks.filter(({ repository }) => meant(repository)).map(askLine),
  ];
}

function askLine({ repository, number, runId, sentence, answer, at }: IntakeAsk): string {
  return oneLine(
    `  ${at.slice(0, 16).replace('T', ' ')}  ${repository}#${number}  ${runId ?? 'nothing begun'}  ${sentence} ${answer}`,
    400,
  );
}
