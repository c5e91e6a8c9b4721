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
