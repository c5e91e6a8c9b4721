import { describe, expect, test } from 'vitest';
import { Guide } from './guide.ts';
import { AnswerReader, type AnswerPart } from './read-answer.ts';
import { formatOf, formats, type ToolFormat } from './tool-format.ts';

/** What an answer is read as when it comes letter by letter, with pieces of a kind put together. */
function read(format: ToolFormat, text: string, hasTools = true): AnswerPart[] {
  const reader = new AnswerReader(format, { hasTools });
  const parts = [...Array.from(text).flatMap((letter) => reader.feed(letter)), ...reader.end()];
  const joined: AnswerPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last && last.is === part.is && last.is !== 'call' && part.is !== 'call')
      joined[joined.length - 1] = { ...last, text: last.text + part.text };
    else joined.push(part);
  }
  return joined;
}
const tools = [
  { name: 'write', parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] } },
  { name: 'run', parameters: { type: 'object', properties: {} } },
];
const write: AnswerPart[] = [
  { is: 'call', name: 'write' },
  { is: 'arguments', text: '{"path": "a}\\"b"}' },
];
const run: AnswerPart[] = [
  { is: 'call', name: 'run' },
  { is: 'arguments', text: '{}' },
];

const answers: readonly (readonly [string, ToolFormat, string, readonly AnswerPart[]])[] = [
  [
    'Hermes and Qwen',
    formats.hermes,
    'I write.\n<tool_call>\n{"name": "write", "arguments": {"path": "a}\\"b"}}\n</tool_call>\n<tool_call>{"name":"run","arguments":{}}</tool_call>',
    [{ is: 'text', text: 'I write.\n' }, ...write, ...run],
  ],
  ['Llama', formats.llama, '{"name": "write", "parameters": {"path": "a}\\"b"}}', write],
  ['Llama with its special token', formats.llama, '<|python_tag|>{"name": "run", "parameters": {}}', run],
  [
    'Mistral',
    formats.mistral,
    '[TOOL_CALLS] [{"name": "write", "arguments": {"path": "a}\\"b"}}, {"name": "run", "arguments": {}}]',
    [...write, ...run],
  ],
  [
    'Mistral since 2025',
    formats.mistralArguments,
    '[TOOL_CALLS]write[ARGS]{"path": "a}\\"b"}[TOOL_CALLS]run[ARGS]{}',
    [...write, ...run],
  ],
];

describe('an answer', () => {
  test.for(answers)('of %s is read', ([, format, text, parts]) => {
    expect(read(format, text)).toEqual(parts);
  });

  test.for(answers)('of %s is let through letter by letter, and ended only where it may', ([, format, text]) => {
    const guide = new Guide({ format, tools, mustCall: false, answer: null });
    let state = guide.start;
    for (const byte of Buffer.from(text)) {
      const next = guide.after(state, Uint8Array.of(byte));
      expect(next, `${text} at ${String.fromCodePoint(byte)}`).not.toBeNull();
      state = next ?? state;
    }
    expect(guide.mayEnd(state)).toBe(true);
  });

  test('with thoughts tells them apart from words', () => {
    expect(read(formats.hermes, '<think>Hm, <b>.</think>\n\nYes <b>.')).toEqual([
      { is: 'thought', text: 'Hm, <b>.' },
      { is: 'text', text: 'Yes <b>.' },
    ]);
  });

  test('that only looks like a call stays words', () => {
    const words = 'a <tool_call>b</tool_call>';
    expect(read(formats.hermes, words)).toEqual([{ is: 'text', text: words }]);
    expect(read(formats.llama, '{"name": "x"}', false)).toEqual([{ is: 'text', text: '{"name": "x"}' }]);
  });

  test('cannot name a tool that is not offered, leave out what it needs, or end in the middle', () => {
    const guide = new Guide({ format: formats.hermes, tools, mustCall: false, answer: null });
    const after = (text: string) => guide.after(guide.start, Buffer.from(text));
    expect(after('<tool_call>{"name": "wipe')).toBeNull();
    expect(after('<tool_call>{"name": "write", "arguments": {}')).toBeNull();
    expect(after('<tool_call>{"name": "run", "arguments": {}}</tool_call> Now')).not.toBeNull();
    const open = after('<tool_call>{"name": "write", ');
    expect(open && guide.mayEnd(open)).toBe(false);
  });

  test('that has to be a call is one from its first letter on', () => {
    for (const format of Object.values(formats)) {
      const guide = new Guide({ format, tools, mustCall: true, answer: null });
      expect(guide.after(guide.start, Buffer.from('I'))).toBeNull();
      expect(guide.mayEnd(guide.start)).toBe(false);
    }
  });
});

test('a chat template tells how its model writes calls', () => {
  expect(formatOf('... <tool_call> ...').id).toBe('hermes');
  expect(formatOf('[TOOL_CALLS]').id).toBe('mistral');
  expect(formatOf('[TOOL_CALLS] [ARGS]').id).toBe('mistral-args');
  expect(formatOf('<|start_header_id|> tools <|python_tag|>').id).toBe('llama');
  expect(formatOf('').id).toBe('hermes');
});
