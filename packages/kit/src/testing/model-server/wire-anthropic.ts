import { argumentsText, finishOf, pieces, usageOf, type ModelTurn } from './turn.ts';

const reasons = { stop: 'end_turn', tool_calls: 'tool_use', length: 'max_tokens' } as const;

/** Anthropic's Messages, streamed. */
export function anthropicParts(turn: ModelTurn, about: { readonly model: string; readonly n: number }): string[] {
  const { input, cached, output } = usageOf(turn);
  const finish = finishOf(turn);
  const events: object[] = [
    {
      type: 'message_start',
      message: {
        id: `msg_${about.n}`,
        type: 'message',
        role: 'assistant',
        model: about.model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: {
          input_tokens: input - cached,
          cache_read_input_tokens: cached,
          cache_creation_input_tokens: 0,
          output_tokens: 1,
        },
      },
    },
  ];
  const block = (start: object, deltas: readonly object[]): void => {
    const index = events.filter((event) => (event as { type: string }).type === 'content_block_start').length;
    events.push(
      { type: 'content_block_start', index, content_block: start },
      ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    );
  };
  if (turn.text) {
    block(
      { type: 'text', text: '' },
      pieces(turn.text).map((text) => ({ type: 'text_delta', text })),
    );
  }
  for (const [index, call] of (turn.calls ?? []).entries()) {
    block(
      { type: 'tool_use', id: `toolu_${about.n}_${index}`, name: call.name, input: {} },
      pieces(argumentsText(call.input), 24).map((text) => ({ type: 'input_json_delta', partial_json: text })),
    );
  }
  if (finish !== null) {
    events.push(
      {
        type: 'message_delta',
        delta: { stop_reason: reasons[finish], stop_sequence: null },
        usage: { output_tokens: output },
      },
      { type: 'message_stop' },
    );
  }
  return events.map((event) => `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`);
}
