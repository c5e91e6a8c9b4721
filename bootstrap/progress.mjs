import { say } from './machine.mjs';

/**
 * Says now and then that something still goes on, for as long as `work` takes: nobody should look at silence and wonder.
 * A terminal gets one line that counts, anything else a line every ten seconds.
 */
export async function withProgress(what, work, { everyMs } = {}) {
  const began = Date.now();
  const counts = process.stderr.isTTY && everyMs === undefined;
  const seconds = () => Math.round((Date.now() - began) / 1000);
  const timer = setInterval(
    () => (counts ? process.stderr.write(`\r  ${what}, ${seconds()} s `) : say(`  ${what}, ${seconds()} s`)),
    counts ? 1000 : (everyMs ?? 10_000),
  );
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (counts) process.stderr.write('\r\x1b[K');
  }
}
