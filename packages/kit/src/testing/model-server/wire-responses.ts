import { argumentsText, finishOf, pieces, usageOf, type ModelTurn } from './turn.ts';

/** OpenAI's Responses, streamed: named events. */
export function responsesParts(turn: ModelTurn, about: { readonly model: string; readonly n: number }): string[] {
  const { input, cached, output } = usageOf(turn);
  const id = `resp_${about.n}`;
  const finish = finishOf(turn);
  const response = { id, object: 'response', created_at: 1, model: about.model, service_tier: null };
  const events: object[] = [{ type: 'response.created', response }];
  let at = 0;
  if (turn.text) {
    const item = { id: `msg_${about.n}`, type: 'message', role: 'assistant', phase: null };
    events.push(
      { type: 'response.output_item.added', output_index: at, item: { ...item, status: 'in_progress', content: [] } },
      ...pieces(turn.text).map((delta) => ({
        type: 'response.output_text.delta',
        item_id: item.id,
        output_index: at,
        content_index: 0,
        delta,
        logprobs: [],
      })),
      {
        type: 'response.output_item.done',
        output_index: at,
        item: { ...item, status: 'completed', content: [{ type: 'output_text', text: turn.text, annotations: [] }] },
      },
    );
    at += 1;
  }
  for (const [index, call] of (turn.calls ?? []).entries()) {
    const text = argumentsText(call.input);
    const item = {
      id: `fc_${about.n}_${index}`,
      type: 'function_call',
      call_id: `call_${about.n}_${index}`,
      name: call.name,
    };
    events.push(
      { type: 'response.output_item.added', output_index: at, item: { ...item, arguments: '', status: 'in_progress' } },
      ...pieces(text, 24).map((delta) => ({
        type: 'response.function_call_arguments.delta',
        item_id: item.id,
        output_index: at,
        delta,
      })),
      { type: 'response.output_item.done', output_index: at, item: { ...item, arguments: text, status: 'completed' } },
    );
    at += 1;
  }
  if (finish !== null) {
    const usage = {
      input_tokens: input,
      input_tokens_details: { cached_tokens: cached },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input + output,
    };
    const cut = finish === 'length';
    events.push({
      type: cut ? 'response.incomplete' : 'response.completed',
      response: { ...response, incomplete_details: cut ? { reason: 'max_output_tokens' } : null, usage },
    });
  }
  return events.map((event) => `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`);
}
