import type { ToolCall } from '@devfactory/contracts';
import type { Told } from '../memory/conversation.ts';

/** Steps without a changed file after which the model is told, and after which a person is asked. */
const idle = { tell: 6, ask: 18 };
/** The same call, so often in a row. */
const same = { tell: 3, ask: 5 };
const mostSilent = 3;
const changing = new Set(['write', 'edit', 'shell', 'process', 'mcp']);

export type Nudge =
  | { readonly kind: 'tell'; readonly text: string }
  /** The model does not get on by itself: the person decides. */
  | { readonly kind: 'ask'; readonly question: string };

/** What a model that goes round in circles is told, from the steps of its turn and its phase. */
export function nudgeFor(steps: readonly Told[], phase: 'plan' | 'work'): Nudge | null {
  return (
    repeatedCall(steps) ?? (phase === 'work' ? nothingChanged(steps) : null) ?? stopped(steps.at(-1) ?? null, phase)
  );
}

/** How often in a row the model said nothing at all. */
export function isSilent(steps: readonly Told[]): boolean {
  const last = steps.slice(-mostSilent);
  return last.length === mostSilent && last.every(({ memo }) => memo.parts.every(({ type }) => type === 'reasoning'));
}

function repeatedCall(steps: readonly Told[]): Nudge | null {
  const calls = steps.flatMap(({ past }) => past.calls);
  const last = calls.at(-1);
  if (!last) return null;
  const key = keyOf(last);
  let times = 0;
  for (const call of calls.toReversed()) {
    if (keyOf(call) !== key) break;
    times += 1;
  }
  if (times >= same.ask)
    return {
      kind: 'ask',
      question: `I made the same call ${times} times (${last.tool}) and do not get further. How should I go on?`,
    };
  return times >= same.tell
    ? {
        kind: 'tell',
        text: `You made exactly the same ${last.tool} call ${times} times in a row; its answer will not change. Do something else, or ask.`,
      }
    : null;
}

function nothingChanged(steps: readonly Told[]): Nudge | null {
  const since = steps.length - 1 - steps.findLastIndex(({ past }) => past.calls.some(({ tool }) => changing.has(tool)));
  if (since > 0 && since % idle.ask === 0)
    return { kind: 'ask', question: `I looked around for ${since} steps and changed nothing. What should I do?` };
  return since > 0 && since % idle.tell === 0
    ? { kind: 'tell', text: `No file changed in ${since} steps. Make the next change, ask, or finish.` }
    : null;
}

/** The last step made no call: the model stopped without saying that it is done. */
function stopped(last: Told | null, phase: 'plan' | 'work'): Nudge | null {
  if (!last || last.past.calls.length > 0) return null;
  const silent = last.memo.parts.every(({ type }) => type === 'reasoning');
  return {
    kind: 'tell',
    text: silent
      ? 'Your answer was empty. Call a tool, or finish.'
      : phase === 'plan'
        ? 'You stopped without calling finish. Call propose_requirements with the whole plan, then finish.'
        : 'You stopped without calling finish, and the requirements are not proven yet. Go on with a tool call; call finish only when all is done.',
  };
}

function keyOf({ tool, input }: ToolCall): string {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return `${tool} ${JSON.stringify(input)}`;
  const { seen: _seen, ...own } = input;
  return `${tool} ${JSON.stringify(own)}`;
}
