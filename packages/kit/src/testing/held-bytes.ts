import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/**
 * Bytes this process holds on to, on the heap and beside it, after a collection: what a stream keeps, not what the
 * collector has not come round to. The resident set says both, so on a busy machine it says nothing.
 */
export function heldBytes(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
