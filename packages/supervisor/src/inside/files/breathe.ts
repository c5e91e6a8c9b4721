import { setImmediate } from 'node:timers/promises';

const sliceMs = 20;
let sliceEnds = 0;

/** Called often by long synchronous work: lets everything else have its turn when this one's is over. */
export async function breathe(): Promise<void> {
  if (performance.now() < sliceEnds) return;
  await setImmediate();
  sliceEnds = performance.now() + sliceMs;
}
