import { PlanProposal } from '@devfactory/contracts';

type Plan = { readonly proposal: unknown } | { readonly fault: string };

/** The plan in an agent's answer: its last JSON block, or the whole of it. */
export function planIn(answer: string): Plan {
  const blocks = [...answer.matchAll(/```(?:json)?\s*\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  const text = blocks.findLast((block) => block.trimStart().startsWith('{')) ?? answer;
  const from = text.indexOf('{');
  const to = text.lastIndexOf('}');
  if (from < 0 || to < from) return { fault: 'There is no JSON object in your answer.' };
  try {
    const parsed = PlanProposal.safeParse(JSON.parse(text.slice(from, to + 1)));
    if (parsed.success) return { proposal: parsed.data };
    const issues = parsed.error.issues.slice(0, 10).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    return { fault: `The plan is not of the shape that was asked for. ${issues.join('; ')}` };
  } catch (error) {
    return { fault: `The JSON of the plan cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

export function planAgain(fault: string): string {
  return `${fault.slice(0, 4000)}\nAnswer with the whole corrected plan, as one JSON object in a \`\`\`json block.`;
}
