import type { RunState } from '@devfactory/contracts';
import type { StepInput } from '@devfactory/kit';
import { z } from 'zod';
import type { Decision, Permission } from './conversation/conversation.ts';

/** What an agent may ask to do, as the protocol names it. */
const kinds = [
  'read',
  'edit',
  'delete',
  'move',
  'search',
  'execute',
  'think',
  'fetch',
  'switch_mode',
  'other',
] as const;

/** Options of a run with such an agent. The sandbox is the wall; asking is for people who want to see each step before it is made. */
export const AcpOptions = z.strictObject({
  permissions: z
    .union([z.enum(['allow', 'ask']), z.partialRecord(z.enum(kinds), z.enum(['allow', 'ask', 'reject']))])
    .default('allow')
    .describe('who answers when the agent asks before it acts; by kind, one that is not named is allowed'),
});

const answers = { once: 'Allow once', always: 'Allow always', no: 'Reject' } as const;

export function question(title: string, { kind, title: what }: Permission): { question: string; options: string[] } {
  return { question: `${title} asks: may it ${kind}: ${what}`.slice(0, 4000), options: Object.values(answers) };
}

/** Who may do what. While it plans an agent changes nothing. */
export function decider(title: string, { request, state, purpose }: StepInput): (permission: Permission) => Decision {
  const { permissions } = AcpOptions.parse(request.agentOptions ?? {});
  return (permission) => {
    if (purpose === 'plan' && ['edit', 'delete', 'move'].includes(permission.kind)) return 'reject';
    const kind = kinds.find((known) => known === permission.kind) ?? 'other';
    const policy = typeof permissions === 'string' ? permissions : (permissions[kind] ?? 'allow');
    return policy === 'ask' ? answered(state, question(title, permission).question) : policy;
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
