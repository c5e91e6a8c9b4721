import { readFile } from 'node:fs/promises';
import { narrow, type TokenChoice } from './choose-tokens.ts';
import { templateMessages, type ChatMessage } from './conversation.ts';
import { Guide, type GuideState } from './guide.ts';
import { AnswerReader, type AnswerPart } from './read-answer.ts';
import { schemaRule } from './schema-rule.ts';
import { TokenBytes, type TokenizerFile } from './token-bytes.ts';
import { formatOf, type OfferedTool, type ToolFormat } from './tool-format.ts';
import type { CausalModel, Tensor, Tokenizer, Transformers } from './transformers.ts';

export interface LoadOrder {
  /** Absolute; its last part is the model's name for the library. */
  readonly folder: string;
  readonly library: string;
  readonly dtype: string;
  readonly device: string;
  readonly contextTokens: number;
}

/** A question in the words of Chat Completions. */
export interface Question {
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly OfferedTool[];
  readonly mustCall: boolean;
  /** The answer has to be a value that this JSON Schema takes; undefined: words. */
  readonly answerSchema: unknown;
  readonly maxTokens: number | null;
  readonly temperature: number;
  readonly topP: number;
}

export interface Answered {
  readonly promptTokens: number;
  readonly answerTokens: number;
  /** 'length': it was cut. */
  readonly finish: 'stop' | 'length' | 'tool_calls';
}

/** A question that this model cannot be asked. `status` as in HTTP. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** How many tokens are drawn from when an answer may vary. */
const drawn = 40;
/** Left for the answer at least. */
const leastAnswer = 16;

export class LocalModel {
  readonly #library: Transformers;
  readonly #tokenizer: Tokenizer;
  readonly #model: CausalModel;
  readonly #tokens: TokenBytes;
  readonly #ends: ReadonlySet<number>;
  readonly #format: ToolFormat;
  readonly #knowsTools: boolean;
  readonly #order: LoadOrder;

  private constructor(parts: {
    readonly library: Transformers;
    readonly tokenizer: Tokenizer;
    readonly model: CausalModel;
    readonly file: TokenizerFile;
    readonly order: LoadOrder;
  }) {
    const { library, tokenizer, model, file, order } = parts;
    this.#library = library;
    this.#tokenizer = tokenizer;
    this.#model = model;
    this.#order = order;
    this.#tokens = new TokenBytes(file);
    this.#ends = endsOf(model, file);
    const template = JSON.stringify(tokenizer.chat_template ?? '');
    this.#format = formatOf(template);
    this.#knowsTools = /\btools\b/.test(template);
  }

  static async load(order: LoadOrder): Promise<LocalModel> {
    const library = (await import(order.library)) as Transformers;
    const at = order.folder.lastIndexOf('/');
    const id = order.folder.slice(at + 1);
    Object.assign(library.env, {
      allowRemoteModels: false,
      allowLocalModels: true,
      localModelPath: order.folder.slice(0, at + 1),
      useFSCache: false,
    });
    const file = JSON.parse(await readFile(`${order.folder}/tokenizer.json`, 'utf8')) as TokenizerFile;
    const tokenizer = await library.AutoTokenizer.from_pretrained(id);
    const { dtype, device } = order;
    const model = await library.AutoModelForCausalLM.from_pretrained(id, { dtype, device });
    return new LocalModel({ library, tokenizer, model, file, order });
  }

  get toolFormat(): string {
    return this.#format.id;
  }

  /** Tells the answer's parts as they come. Throws Refusal before the first of them. */
  async answer(question: Question, tell: (part: AnswerPart) => void, signal: AbortSignal): Promise<Answered> {
    const { guide, inputs, promptTokens } = this.#prepare(question);
    const room = this.#order.contextTokens - promptTokens;
    const most = Math.min(question.maxTokens ?? room, room);
    const stop = new this.#library.InterruptableStoppingCriteria();
    const interrupt = (): void => stop.interrupt();
    signal.addEventListener('abort', interrupt, { once: true });
    const heard = new Heard({
      tokens: this.#tokens,
      ends: this.#ends,
      reader: new AnswerReader(this.#format, { hasTools: question.tools.length > 0 }),
      tell,
    });
    const keep = question.temperature > 0 ? drawn : 1;
    const choice = { guide, tokens: this.#tokens, ends: this.#ends, keep };
    try {
      await this.#model.generate({
        ...inputs,
        max_new_tokens: most,
        do_sample: question.temperature > 0,
        ...(question.temperature > 0 ? { temperature: question.temperature, top_p: question.topP } : {}),
        logits_processor: this.#processor(choice, promptTokens),
        stopping_criteria: [stop],
        streamer: heard,
      });
    } finally {
      signal.removeEventListener('abort', interrupt);
    }
    heard.finish();
    const cut = !heard.ended && heard.count >= most;
    return {
      promptTokens,
      answerTokens: heard.count,
      finish: cut ? 'length' : heard.calls > 0 ? 'tool_calls' : 'stop',
    };
  }

  #prepare({ messages, tools, mustCall, answerSchema }: Question): {
    readonly guide: Guide;
    readonly inputs: object;
    readonly promptTokens: number;
  } {
    const format = this.#format;
    const guide = refusing(
      () =>
        new Guide({ format, tools, mustCall, answer: answerSchema === undefined ? null : schemaRule(answerSchema) }),
    );
    const inputs = refusing(
      () =>
        this.#tokenizer.apply_chat_template(
          templateMessages(messages, { tools, format, knowsTools: this.#knowsTools }),
          {
            ...(tools.length > 0 && this.#knowsTools
              ? { tools: tools.map((tool) => ({ type: 'function', function: tool })) }
              : {}),
            add_generation_prompt: true,
            return_dict: true,
          },
        ) as { readonly input_ids: Tensor },
    );
    const promptTokens = inputs.input_ids.dims[1] ?? 0;
    const { contextTokens } = this.#order;
    if (promptTokens + leastAnswer > contextTokens)
      throw new Refusal(
        400,
        `This model's maximum context length is ${contextTokens} tokens; the messages have ${promptTokens}. Reduce the length.`,
      );
    return { guide, inputs, promptTokens };
  }

  #processor(choice: TokenChoice, promptTokens: number): object {
    const { LogitsProcessor, LogitsProcessorList } = this.#library;
    let state: GuideState = choice.guide.start;
    let read = promptTokens;
    const follow = (ids: readonly (bigint | number)[]): void => {
      for (; read < ids.length; read += 1) {
        const bytes = choice.tokens.of(Number(ids[read]));
        // What was drawn was allowed, so there is always a state behind it.
        if (bytes) state = choice.guide.after(state, bytes) ?? state;
      }
    };
    // The library calls `_call` of whatever is in the list.
    const processor = new LogitsProcessor() as { _call?: unknown };
    processor._call = (ids: readonly (readonly (bigint | number)[])[], logits: readonly Tensor[] & Tensor): unknown => {
      follow(ids[0] ?? []);
      const row = logits[0]?.data;
      if (row) narrow(row, choice, state);
      return logits;
    };
    const list = new LogitsProcessorList();
    list.push(processor);
    return list;
  }
}

interface Hearing {
  readonly tokens: TokenBytes;
  readonly ends: ReadonlySet<number>;
  readonly reader: AnswerReader;
  readonly tell: (part: AnswerPart) => void;
}

/** Hears tokens as the model says them; the library calls `put` with the prompt first, then with each token. */
class Heard {
  count = 0;
  calls = 0;
  ended = false;
  readonly #decoder = new TextDecoder();
  readonly #to: Hearing;
  #prompt = true;

  constructor(to: Hearing) {
    this.#to = to;
  }

  put(ids: readonly (readonly (bigint | number)[])[]): void {
    if (this.#prompt) {
      this.#prompt = false;
      return;
    }
    const { tokens, ends, reader } = this.#to;
    for (const id of ids[0] ?? []) {
      this.count += 1;
      this.ended = ends.has(Number(id));
      if (this.ended) continue;
      const text = this.#decoder.decode(tokens.of(Number(id)) ?? new Uint8Array(), { stream: true });
      this.#tell(reader.feed(text));
    }
  }

  /** The library's word for it. */
  end(): void {
    this.#prompt = false;
  }

  finish(): void {
    const { reader } = this.#to;
    this.#tell([...reader.feed(this.#decoder.decode()), ...reader.end()]);
  }

  #tell(parts: readonly AnswerPart[]): void {
    for (const part of parts) {
      if (part.is === 'call') this.calls += 1;
      this.#to.tell(part);
    }
  }
}

function refusing<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new Refusal(400, error instanceof Error ? error.message : String(error));
  }
}

function endsOf(model: CausalModel, { added_tokens: added = [] }: TokenizerFile): ReadonlySet<number> {
  const said = model.generation_config?.eos_token_id ?? [];
  const usual =
    /^(?:<\|im_end\|>|<\|endoftext\|>|<\|eot_id\|>|<\|eom_id\|>|<\|end_of_text\|>|<\/s>|<end_of_turn>|<\|end\|>)$/;
  const named = added.flatMap(({ id, content }) => (usual.test(content) ? [id] : []));
  return new Set([...(typeof said === 'number' ? [said] : said), ...named]);
}
