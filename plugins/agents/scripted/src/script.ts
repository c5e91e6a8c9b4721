import { toolInputs, toolNames, Usage, type ToolName } from '@devfactory/contracts';
import { z } from 'zod';

/** One tool call of a script: a tool that agents have, with exactly the input that tool takes. */
export const ScriptCall = z.discriminatedUnion('tool', callShapes(), {
  error: (issue) =>
    issue.code === 'invalid_union' ? `unknown tool; the tools are ${toolNames.join(', ')}` : undefined,
});
export type ScriptCall = z.infer<typeof ScriptCall>;

/** One answer of the agent. No calls, or a `finish` call, ends the turn. */
export const ScriptStep = z
  .strictObject({
    text: z.string().max(20_000).default('').describe('what the agent says; it is only text, whatever it claims'),
    calls: z.array(ScriptCall).max(200).default([]).describe('made in this order; a step without calls ends the turn'),
    usage: Usage.prefault({}).describe('what this step pretends to have used'),
  })
  .meta({ id: 'Step' });
export type ScriptStep = z.infer<typeof ScriptStep>;

/**
 * What agent `scripted` replays (`agentOptions` of a run). Each list is consumed from its start over the whole run:
 * a turn takes steps until one ends it, the next turn of the same purpose goes on behind it.
 */
export const Script = z.strictObject({
  $schema: z.string().optional().describe('for editors; ignored'),
  title: z.string().max(200).optional().describe('for people; ignored'),
  plan: z.array(ScriptStep).max(1000).describe('steps of planning turns'),
  work: z.array(ScriptStep).max(1000).describe('steps of working turns'),
  repair: z.array(ScriptStep).max(1000).default([]).describe('steps of repairing turns'),
});
export type Script = z.infer<typeof Script>;

type CallShape<T extends ToolName> = z.ZodObject<
  { tool: z.ZodLiteral<T>; input: (typeof toolInputs)[T] },
  z.core.$strict
>;
type CallShapes = { [T in ToolName]: CallShape<T> }[ToolName];

function callShapes(): [CallShapes, ...CallShapes[]] {
  const shapes = toolNames.map(
    (tool) => z.strictObject({ tool: z.literal(tool), input: toolInputs[tool] }) as unknown as CallShapes,
  );
  return shapes as [CallShapes, ...CallShapes[]];
}
