import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4Message,
} from '@ai-sdk/provider';
import type { ModelFigures, ProviderField, Usage } from '@devfactory/contracts';

/** How a provider is reached: a value for each of its fields that has one, secrets included. */
export type ProviderValues = Readonly<Record<string, string>>;

export interface ListedModel {
  readonly name: string;
  /** What the endpoint itself says about it. */
  readonly contextTokens: number | null;
  /** For people: what else it is good to know, e.g. the memory that it needs. */
  readonly note?: string;
  /** Why it cannot be used; left out: it can. */
  readonly why?: string;
}

/**
 * Gives models of one vendor or one wire format. The vendor's library is loaded at the first `open`, for it is large.
 * Values come from a person, the environment or a file, and have been checked against `fields`.
 */
export interface ModelProvider {
  readonly id: string;
  readonly title: string;
  /** For people: what it is and where its key comes from. */
  readonly note: string;
  /** `baseUrl` is the field that secrets are bound to. */
  readonly fields: readonly ProviderField[];
  /** Where requests go when no `baseUrl` is given; null when one must be. */
  readonly defaultBaseUrl: string | null;
  /** Figures by name or by its beginning, longest first; a person may write others over them. */
  readonly figures: Readonly<Record<string, ModelFigures>>;
  /** True when a server on this machine is found without being set up. */
  readonly local: boolean;
  /** Looks at values before they are kept, where more than their presence matters. Throws DomainError. */
  check?(values: ProviderValues): Promise<void>;
  /** Throws DomainError when the values cannot make a model. Nothing is sent yet. */
  open(name: string, values: ProviderValues): Promise<LanguageModelV4>;
  /** What takes its time before a first question, e.g. to fetch and load. May be called twice. Throws DomainError. */
  prepare?(name: string, values: ProviderValues): Promise<void>;
  /** Throws when the endpoint refuses or cannot tell. */
  list(values: ProviderValues, signal: AbortSignal): Promise<readonly ListedModel[]>;
}

/** A model ready to be asked, with what is known about it. */
export interface OpenModel {
  readonly ref: string;
  readonly figures: ModelFigures;
  readonly language: LanguageModelV4;
  /** Takes the secrets that requests carry out of a text that came back. */
  redact(text: string): string;
}

/** Opens models by PROVIDER/MODEL with the installation's keys. Throws DomainError model_unknown, model_not_set_up. */
export interface ModelSource {
  open(ref: string): Promise<OpenModel>;
}

/** What all runs together may cost. */
export interface Spending {
  /**
   * Runs `commit`, which writes down that a call goes out and what it costs at most, when a person's and the day's budget have something
   * left. One after the other, so that no two calls take the same last cent. Throws DomainError budget_spent.
   */
  reserve<T>(runId: string, commit: () => Promise<T>): Promise<T>;
}

export type ModelMessage = LanguageModelV4Message;
export type ModelContent = LanguageModelV4Content;
export type ModelRequest = Pick<
  LanguageModelV4CallOptions,
  | 'prompt'
  | 'tools'
  | 'toolChoice'
  | 'maxOutputTokens'
  | 'temperature'
  | 'topP'
  | 'stopSequences'
  | 'responseFormat'
  | 'reasoning'
  | 'providerOptions'
>;

export type ModelAnswer =
  | {
      readonly status: 'answered';
      /** Text, thoughts and tool calls, in order; tool calls with their input as the model wrote it, which need not be JSON. */
      readonly content: readonly ModelContent[];
      readonly finish: string;
      readonly usage: Usage;
    }
  /** The request holds more than the model can. It was not answered; a shorter one may be. */
  | { readonly status: 'overflow'; readonly reason: string };

/** The model of one step. Each try is metered, within the budget and in the log. */
export interface StepModel {
  readonly ref: string;
  /** Tokens it holds, its answer included. */
  readonly contextTokens: number;
  readonly outputTokens: number;
  /**
   * One answer. What trying again can mend is tried again. Throws DomainError: model_* when the model cannot be used, budget_spent;
   * and the signal's reason when it was aborted.
   */
  ask(request: ModelRequest, signal: AbortSignal): Promise<ModelAnswer>;
}
