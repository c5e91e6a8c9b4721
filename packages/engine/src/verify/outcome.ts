import type { Evidence } from '@devfactory/contracts';

/** What one execution of one check came to. */
export interface Outcome {
  readonly verdict: Evidence['verdict'];
  readonly cause: Evidence['cause'];
  /** What ran, for people. */
  readonly command: string;
  readonly exitCode: number | null;
  /** The failed expectation, or the end of the output. */
  readonly excerpt: string;
  readonly tests?: Evidence['tests'];
  readonly screenshots?: Evidence['screenshots'];
}

/** What an outcome says beside its verdict and cause; what is left out is unknown. */
interface Words {
  readonly command: string;
  readonly excerpt: string;
  readonly exitCode?: number | null;
  readonly tests?: Evidence['tests'];
  readonly screenshots?: Evidence['screenshots'];
}

export function passed(words: Words): Outcome {
  return { ...complete(words), verdict: 'passed', cause: null };
}

/** An answer about the code: it is there and wrong ('assertion'), not there ('absent') or too slow ('timeout'). */
export function failed(cause: 'assertion' | 'absent' | 'timeout' | 'flaky', words: Words): Outcome {
  return { ...complete(words), verdict: 'failed', cause };
}

/** No answer about the code: the verifier's own surroundings were in the way. The excerpt says what mends it. */
export function inconclusive(words: Words): Outcome {
  return { ...complete(words), verdict: 'inconclusive', cause: 'environment' };
}

/** Another outcome may stand for words: its verdict and cause then count for nothing. */
function complete({ exitCode = null, ...words }: Words): Omit<Outcome, 'verdict' | 'cause'> {
  return { exitCode, ...words };
}
