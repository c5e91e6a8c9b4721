import type { ModelAnswer, ModelPart, ModelRequest } from '@devfactory/kit';

export type Answered = Extract<ModelAnswer, { readonly status: 'answered' }>;

/** What somebody asked in a vendor's wire format. */
export interface Asked {
  readonly request: ModelRequest;
  /** Part by part, or in one piece at the end. */
  readonly stream: boolean;
  /** Tools whose input is text and not JSON, as Responses knows them: the model is shown one field for it. */
  readonly textTools: ReadonlySet<string>;
}

/** What an answer is written for. */
export interface AnswerFacts {
  /** Unique within the door. */
  readonly id: string;
  /** The name that was asked for: an agent wants to see it again. */
  readonly model: string;
  readonly textTools: ReadonlySet<string>;
}

/** Writes one answer as a stream. Each method gives the text to send, which may be empty. */
export interface AnswerWriter {
  begin(): string;
  part(part: ModelPart): string;
  end(answer: Answered): string;
  /** The answer broke after its beginning was sent. */
  broken(refusal: Refusal): string;
}

/** Why there is no answer. */
export interface Refusal {
  /** HTTP's. */
  readonly status: number;
  /** Stable, of ours. */
  readonly code: string;
  readonly message: string;
}

/** One vendor's wire format, as agents speak it. */
export interface Dialect {
  /** Throws ZodError for what is no request. */
  read(body: unknown): Asked;
  writer(facts: AnswerFacts): AnswerWriter;
  /** The answer in one piece. */
  whole(answer: Answered, facts: AnswerFacts): object;
  refusal(refusal: Refusal): object;
}

/** One event of a stream. */
export function sse(data: object, event?: string): string {
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;
}
