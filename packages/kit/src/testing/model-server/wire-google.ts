import { argumentsText, finishOf, pieces, usageOf, type ModelTurn } from './turn.ts';

/** Google's generateContent, streamed. A function call comes whole. */
export function googleParts(turn: ModelTurn): string[] {
  const { input, cached, output } = usageOf(turn);
  const finish = finishOf(turn);
  const usageMetadata = {
    promptTokenCount: input,
    cachedContentTokenCount: cached,
    candidatesTokenCount: output,
    totalTokenCount: input + output,
  };
  const chunk = (parts: readonly object[], rest: object = {}): object => ({
    candidates: [{ content: { role: 'model', parts }, index: 0, ...rest }],
    usageMetadata,
  });
  const chunks = [
    ...pieces(turn.text ?? '').map((text) => chunk([{ text }])),
    ...(turn.calls ?? []).map((call) =>
      chunk([{ functionCall: { name: call.name, args: JSON.parse(argumentsText(call.input)) as object } }]),
    ),
    ...(finish === null ? [] : [chunk([{ text: '' }], { finishReason: finish === 'length' ? 'MAX_TOKENS' : 'STOP' })]),
  ];
  return chunks.map((part) => `data: ${JSON.stringify(part)}\n\n`);
}

/** The same, not streamed. */
export function googleWhole(turn: ModelTurn): object {
  const { input, output } = usageOf(turn);
  const calls = (turn.calls ?? []).map(({ name, input: args }) => ({ functionCall: { name, args } }));
  const parts = [...(turn.text ? [{ text: turn.text }] : []), ...calls];
  return {
    candidates: [{ content: { role: 'model', parts }, index: 0, finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: input, candidatesTokenCount: output, totalTokenCount: input + output },
  };
}
