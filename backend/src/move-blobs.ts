import { parseArgs } from 'node:util';
import { DomainError } from '@devfactory/kit';
import { optionsFrom } from './server/options.ts';
import { stderrLog } from './stderr-log.ts';
import { moveBlobs } from './storage/move-blobs.ts';

const tellEveryMs = 5000;

/** `node dist/move-blobs.js --data-dir DIR [--remove] azure|file`: one line of JSON on stdout when it is done. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { 'data-dir': { type: 'string' }, remove: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [to] = positionals;
  if (to !== 'azure' && to !== 'file')
    throw new DomainError('usage', 'invalid', { message: 'Usage: move-blobs --data-dir DIR [--remove] azure|file' });
  const given = values['data-dir'] === undefined ? {} : { dataDir: values['data-dir'] };
  const { dataDir } = optionsFrom(process.env, given);
  let told = performance.now();
  const progress = ({ blobs, bytes }: { blobs: number; bytes: number }): void => {
    if (performance.now() - told < tellEveryMs) return;
    told = performance.now();
    process.stderr.write(`${blobs} blobs, ${(bytes / 1e6).toFixed(1)} MB\n`);
  };
  const receipt = await moveBlobs({
    dataDir,
    to,
    remove: values.remove,
    environment: process.env,
    log: stderrLog,
    progress,
  });
  process.stdout.write(`${JSON.stringify({ moved: true, ...receipt })}\n`);
  if (receipt.broken.length > 0)
    throw new DomainError('blob_corrupt', 'unavailable', {
      message: `${receipt.broken.length} blobs are damaged or missing where they come from, so nothing was removed there: ${receipt.broken.slice(0, 5).join(', ')}. Restore them from a backup.`,
    });
}

try {
  await main();
} catch (error) {
  process.stderr.write(
    `devfactory: ${error instanceof DomainError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = error instanceof DomainError && error.kind === 'invalid' ? 2 : 1;
}
