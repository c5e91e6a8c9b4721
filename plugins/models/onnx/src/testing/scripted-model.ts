import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { characterOf } from '../inside/token-bytes.ts';
import { node, onnxFile, outsideTensor, port, tensor, type NodeSpec } from './onnx-file.ts';
import { join as joined, type Bytes } from './protobuf.ts';

const special = [
  '<|endoftext|>',
  '<|im_start|>',
  '<|im_end|>',
  '<tool_call>',
  '</tool_call>',
  '<tool_response>',
  '</tool_response>',
];
const idOf = new Map(special.map((text, index) => [text, 256 + index]));
const vocabulary = 256 + special.length;
const [endOfText, start, end, responded] = ['<|endoftext|>', '<|im_start|>', '<|im_end|>', '</tool_response>'].map(
  (text) => idOf.get(text) ?? 0,
);
/** Tokens between <|im_start|> and the first one of an answer. */
const head = 'assistant\n'.length;

const hermesTemplate = `{%- if tools %}{{- '<|im_start|>system\\n' }}{%- if messages[0].role == 'system' %}{{- messages[0].content + '\\n\\n' }}{%- endif %}{{- '# Tools\\n\\n<tools>' }}{%- for tool in tools %}{{- '\\n' }}{{- tool | tojson }}{%- endfor %}{{- '\\n</tools>\\n\\nWrite each call as <tool_call>.<|im_end|>\\n' }}{%- endif %}{%- for m in messages %}{%- if m.role == 'tool' %}{{- '<|im_start|>user\\n<tool_response>\\n' + m.content + '\\n</tool_response><|im_end|>\\n' }}{%- elif m.role == 'assistant' %}{{- '<|im_start|>assistant\\n' + m.content }}{%- for call in (m.tool_calls or []) %}{{- '<tool_call>\\n' }}{{- call.function | tojson }}{{- '\\n</tool_call>' }}{%- endfor %}{{- '<|im_end|>\\n' }}{%- elif not (m.role == 'system' and tools) %}{{- '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{%- endif %}{%- endfor %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}`;

export interface ScriptedModel {
  /** What it says; which one is told by how many answers of tools it has seen. */
  readonly says: readonly string[];
  readonly template?: string;
  readonly contextTokens?: number;
  /** True: what it says lies in a file beside the graph. */
  readonly beside?: boolean;
}

/** A call in the way of Hermes and Qwen. */
export function hermesCall(name: string, input: object): string {
  return `<tool_call>\n${JSON.stringify({ name, arguments: input })}\n</tool_call>`;
}

/** Writes a real causal model with keys and values of two kilobytes, whose one-hot weights are a script. Nothing is downloaded. */
export async function writeScriptedModel(folder: string, model: ScriptedModel): Promise<void> {
  const { contextTokens = 32_768, template = hermesTemplate, beside = false } = model;
  await mkdir(join(folder, 'onnx'), { recursive: true });
  const eos = '<|im_end|>';
  const files = {
    'tokenizer.json': tokenizer(),
    'tokenizer_config.json': {
      tokenizer_class: 'Qwen2Tokenizer',
      bos_token: null,
      eos_token: eos,
      pad_token: '<|endoftext|>',
      unk_token: null,
      add_bos_token: false,
      clean_up_tokenization_spaces: false,
      model_max_length: contextTokens,
      chat_template: template,
    },
    'config.json': {
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      vocab_size: vocabulary,
      hidden_size: 1,
      num_hidden_layers: 1,
      num_attention_heads: 1,
      num_key_value_heads: 1,
      head_dim: 1,
      max_position_embeddings: contextTokens,
      bos_token_id: endOfText,
      eos_token_id: end,
    },
    'generation_config.json': { eos_token_id: [end], pad_token_id: endOfText, do_sample: false },
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), JSON.stringify(content));
  const { graph, data } = graphOf(model.says, beside);
  await writeFile(join(folder, 'onnx/model.onnx'), graph);
  if (beside) await writeFile(join(folder, 'onnx/model.onnx_data'), data);
}

function tokenizer(): object {
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    normalizer: null,
    pre_tokenizer: bytes,
    post_processor: bytes,
    decoder: bytes,
    added_tokens: [...idOf].map(([content, id]) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: content.startsWith('<|'),
    })),
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      merges: [],
      vocab: Object.fromEntries(characterOf.map((character, byte) => [character, byte])),
    },
  };
}

function tokensOf(text: string): number[] {
  const pattern = new RegExp(`(${special.map((one) => one.replaceAll('|', '\\|')).join('|')})`);
  return text.split(pattern).flatMap((piece) => {
    const id = idOf.get(piece);
    return id === undefined ? [...Buffer.from(piece)] : [id];
  });
}

/** Counts answers of tools and tokens since the answer began, and looks the next token up. */
function graphOf(says: readonly string[], beside: boolean): { readonly graph: Bytes; readonly data: Bytes } {
  const rows = says.map((text) => [...tokensOf(text), end ?? 0]);
  const width = Math.max(...rows.map((row) => row.length)) + 1;
  const script = rows.flatMap((row) => Array.from({ length: width }, (_, at) => row[at] ?? end ?? 0));
  const key = 'past_key_values.0';
  const steps: NodeSpec[] = [
    { op: 'Cast', from: ['input_ids'], to: 'ids', attributes: { to: 1 } },
    { op: 'Unsqueeze', from: ['ids', 'axes13'], to: 'now' },
    { op: 'Concat', from: [`${key}.key`, 'now'], to: 'present.0.key', attributes: { axis: 2 } },
    { op: 'Concat', from: [`${key}.value`, 'now'], to: 'present.0.value', attributes: { axis: 2 } },
    { op: 'Squeeze', from: ['present.0.key', 'axes13'], to: 'said' },
    { op: 'Equal', from: ['said', 'responded'], to: 'isResponse' },
    { op: 'Cast', from: ['isResponse'], to: 'responses', attributes: { to: 7 } },
    { op: 'ReduceSum', from: ['responses', 'axis1'], to: 'seen', attributes: { keepdims: 0 } },
    { op: 'Min', from: ['seen', 'lastRow'], to: 'row' },
    { op: 'Equal', from: ['said', 'start'], to: 'isStart' },
    { op: 'Cast', from: ['isStart'], to: 'starts', attributes: { to: 7 } },
    { op: 'Shape', from: ['said'], to: 'shape' },
    { op: 'Gather', from: ['shape', 'one'], to: 'length' },
    { op: 'Range', from: ['zero', 'length', 'one'], to: 'places' },
    { op: 'Mul', from: ['starts', 'places'], to: 'startPlaces' },
    { op: 'ReduceMax', from: ['startPlaces'], to: 'lastStart', attributes: { axes: [1], keepdims: 0 } },
    { op: 'Sub', from: ['length', 'head'], to: 'behindHead' },
    { op: 'Sub', from: ['behindHead', 'lastStart'], to: 'place0' },
    { op: 'Max', from: ['place0', 'zeros'], to: 'place1' },
    { op: 'Min', from: ['place1', 'lastPlace'], to: 'place' },
    { op: 'Unsqueeze', from: ['row', 'lastAxis'], to: 'rows' },
    { op: 'Unsqueeze', from: ['place', 'lastAxis'], to: 'columns' },
    { op: 'Concat', from: ['rows', 'columns'], to: 'index', attributes: { axis: 1 } },
    { op: 'GatherND', from: ['script', 'index'], to: 'nextFloat' },
    { op: 'Cast', from: ['nextFloat'], to: 'next', attributes: { to: 7 } },
    { op: 'OneHot', from: ['next', 'depth', 'values'], to: 'likelihood', attributes: { axis: -1 } },
    { op: 'Unsqueeze', from: ['likelihood', 'axis1'], to: 'logits' },
  ];
  const number = (name: string, value: number, dims: readonly number[] = []): Bytes =>
    tensor(name, 'int64', { dims, data: [value] });
  const mark = (name: string, value = 0): Bytes => tensor(name, 'float', { dims: [], data: [value] });
  const dims = [rows.length, width];
  const data = new Uint8Array(Float32Array.from(script).buffer);
  const scriptTensor = beside
    ? outsideTensor('script', dims, { location: 'model.onnx_data', offset: '0', length: String(data.length) })
    : tensor('script', 'float', { dims, data: script });
  const tensors = [
    tensor('axes13', 'int64', { dims: [2], data: [1, 3] }),
    number('axis1', 1, [1]),
    number('lastAxis', -1, [1]),
    number('lastRow', rows.length - 1, [1]),
    number('one', 1),
    number('zero', 0),
    number('zeros', 0, [1]),
    number('head', head + 1),
    number('lastPlace', width - 1, [1]),
    number('depth', vocabulary),
    mark('responded', responded),
    mark('start', start),
    scriptTensor,
    tensor('values', 'float', { dims: [2], data: [0, 10] }),
  ];
  const past = ['batch_size', 1, 'past_sequence_length', 1];
  const present = ['batch_size', 1, 'total_sequence_length', 1];
  const graph = onnxFile({
    nodes: steps.map(node),
    tensors,
    inputs: [
      port('input_ids', 'int64', ['batch_size', 'sequence_length']),
      port('attention_mask', 'int64', ['batch_size', 'total_sequence_length']),
      port(`${key}.key`, 'float', past),
      port(`${key}.value`, 'float', past),
    ],
    outputs: [
      port('logits', 'float', ['batch_size', 1, vocabulary]),
      port('present.0.key', 'float', present),
      port('present.0.value', 'float', present),
    ],
  });
  return { graph: joined([graph]), data };
}
