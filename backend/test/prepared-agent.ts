import { createScriptedAgent } from '@devfactory/agent-scripted';
import type { Agent } from '@devfactory/kit';
import { planOnly } from './factory.ts';

/** Plans the check for the requirement that comes with the run. */
const [planned] = planOnly.plan[0]?.calls ?? [];
const proposed = planned?.input as { readonly requirements: readonly object[] };
const script = {
  ...planOnly,
  plan: [
    {
      calls: [
        {
          tool: 'propose_requirements',
          input: { requirements: proposed.requirements.map((one) => ({ ...one, id: 'R-1' })) },
        },
        { tool: 'finish', input: {} },
      ],
    },
  ],
};

/** Does the same in every run, whoever asks for it. */
export function prepared(): Agent {
  const scripted = createScriptedAgent();
  return {
    ...scripted,
    id: 'prepared',
    accept: () => undefined,
    step: (input, signal) => scripted.step({ ...input, request: { ...input.request, agentOptions: script } }, signal),
  };
}
