/** The part of @huggingface/transformers that is used. The package lies in the sandbox alone, so its own types are not here. */
export interface Transformers {
  readonly env: { allowRemoteModels: boolean; allowLocalModels: boolean; localModelPath: string; useFSCache: boolean };
  readonly AutoTokenizer: { from_pretrained(id: string): Promise<Tokenizer> };
  readonly AutoModelForCausalLM: { from_pretrained(id: string, options: object): Promise<CausalModel> };
  readonly LogitsProcessor: new () => object;
  readonly LogitsProcessorList: new () => { push(processor: object): void };
  readonly InterruptableStoppingCriteria: new () => { interrupt(): void };
}

export interface Tokenizer {
  readonly chat_template: unknown;
  apply_chat_template(messages: readonly object[], options: object): unknown;
}

export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export interface CausalModel {
  generate(options: object): Promise<unknown>;
  readonly generation_config?: { readonly eos_token_id?: number | readonly number[] | null };
}
