import type { Check, CheckSpec } from '@devfactory/contracts';
import type { CheckLog } from '../log.ts';
import type { Ready } from '../sandbox/check-sandbox.ts';
import type { Verifying } from '../sandbox/verifying.ts';

/** One execution of one check whose spec is of kind S. */
export interface Execution<S extends CheckSpec = CheckSpec> {
  readonly verifying: Verifying;
  readonly prepared: Ready;
  readonly check: Check;
  readonly spec: S;
  /** Of this execution's sandbox. */
  readonly sandbox: string;
  readonly log: CheckLog;
}

/** Milliseconds that are left of a check's time, counted from when its sandbox was ready. */
export class Clock {
  readonly #end: number;

  constructor(milliseconds: number) {
    this.#end = performance.now() + milliseconds;
  }

  left(): number {
    return Math.max(0, Math.round(this.#end - performance.now()));
  }
}
