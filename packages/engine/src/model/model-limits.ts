/** How patient the factory is with models. Milliseconds and counts. */
export interface ModelLimits {
  /** Tries of one question. */
  readonly attempts: number;
  /** First pause; each further one is twice as long, with jitter. */
  readonly backoffMs: number;
  readonly longestBackoffMs: number;
  /** A provider that asks to wait longer than this is not waited for. */
  readonly longestRetryAfterMs: number;
  /** Until the first part of an answer: a local model reads a long prompt slowly. */
  readonly firstPartMs: number;
  /** Between two parts. */
  readonly nextPartMs: number;
  readonly wholeAnswerMs: number;
  readonly answerBytes: number;
}

export const defaultModelLimits: ModelLimits = {
  attempts: 8,
  backoffMs: 200,
  longestBackoffMs: 30_000,
  longestRetryAfterMs: 600_000,
  firstPartMs: 300_000,
  nextPartMs: 90_000,
  wholeAnswerMs: 900_000,
  answerBytes: 4_000_000,
};

/** What is taken where a model's own size is not known: small enough for most that run locally. */
export const unknownContextTokens = 32_000;
export const unknownOutputTokens = 4_096;
