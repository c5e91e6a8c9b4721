import { argumentsText, finishOf, pieces, usageOf, type ModelTurn } from './turn.ts';

/** Chat Completions, streamed: lines of `data:`. */
export function chatParts(turn: ModelTurn, about: { readonly model: string; readonly n: number }): string[] {
  const base = { id: `chatcmpl-${about.n}`, object: 'chat.completion.chunk', created: 1, model: about.model };
  const delta = (value: object, finish: string | null = null): object => ({
    ...base,
    choices: [{ index: 0, delta: value, finish_reason: finish }],
  });
  const finish = finishOf(turn);
  const { input, cached, output } = usageOf(turn);
  const parts: object[] = [
    delta({ role: 'assistant', content: '' }),
    ...pieces(turn.reasoning ?? '').map((text) => delta({ reasoning_content: text })),
    ...pieces(turn.text ?? '').map((text) => delta({ content: text })),
    ...(turn.calls ?? []).flatMap((call, index) => [
      delta({
        tool_calls: [
          { index, id: `call_${about.n}_${index}`, type: 'function', function: { name: call.name, arguments: '' } },
        ],
      }),
      ...pieces(argumentsText(call.input), 24).map((text) =>
        delta({ tool_calls: [{ index, function: { arguments: text } }] }),
      ),
    ]),
    ...(finish === null ? [] : [delta({}, finish)]),
    {
      ...base,
      choices: [],
      usage: {
        prompt_tokens: input,
        completion_tokens: output,
        total_tokens: input + output,
        prompt_tokens_details: { cached_tokens: cached },
      },
    },
  ];
  return [...parts.map((part) => `data: ${JSON.stringify(part)}\n\n`), 'data: [DONE]\n\n'];
}
