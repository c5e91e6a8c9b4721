import type { RunState } from '@devfactory/contracts';
import type { StepInput } from '@devfactory/kit';
import { z } from 'zod';
import type { Decision, Permission } from './conversation/conversation.ts';

/** Options of a run with such an agent. The sandbox is the wall; asking is for people who want to see each step before it is made. */
export const AcpOptions = z.strictObject({
  permissions: z.enum(['allow', 'ask']).default('allow').describe('who answers when the agent asks before it acts'),
});

const answers = { once: 'Allow once', always: 'Allow always', no: 'Reject' } as const;

export function question(title: string, { kind, title: what }: Permission): { question: string; options: string[] } {
  return { question: `${title} asks: may it ${kind}: ${what}`.slice(0, 4000), options: Object.values(answers) };
}

/** Who may do what. While it plans an agent changes nothing. */
export function decider(title: string, { request, state, purpose }: StepInput): (permission: Permission) => Decision {
  const asks = AcpOptions.parse(request.agentOptions ?? {}).permissions === 'ask';
  return (permission) => {
    if (purpose === 'plan' && ['edit', 'delete', 'move'].includes(permission.kind)) return 'reject';
    return asks ? answered(state, question(title, permission).question) : 'allow';
  };
}

/**
 * `always` holds for the run, every other answer for the work that was interrupted to ask: the agent begins it anew after each question, and
 * comes by what it asked before.
 */
function answered({ questions, turns }: RunState, asked: string): Decision {
  if (questions.some((item) => item.question === asked && item.answer === answers.always)) return 'allow';
  const ended = turns.filter((turn) => turn.outcome !== null);
  const interruptions = ended.length - 1 - ended.findLastIndex((turn) => turn.outcome !== 'asked');
  const recent = interruptions === 0 ? [] : questions.slice(-interruptions);
  const { answer = null } = recent.findLast((item) => item.question === asked) ?? {};
  return answer === null ? 'ask' : answer === answers.once ? 'allow' : 'reject';
}
