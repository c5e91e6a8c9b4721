import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DomainError } from '@devfactory/kit';
import { restoreFrom } from './backup/restore-from.ts';
import { optionsFrom } from './server/options.ts';
import { stderrLog } from './stderr-log.ts';

/** `node dist/restore.js --data-dir DIR FILE`: one line of JSON on stdout when it is done. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { 'data-dir': { type: 'string' } }, allowPositionals: true });
  const [file] = positionals;
  if (file === undefined) throw new DomainError('usage', 'invalid', { message: 'Usage: restore --data-dir DIR FILE' });
  const { dataDir, databaseUrl } = optionsFrom(
    process.env,
    values['data-dir'] === undefined ? {} : { dataDir: values['data-dir'] },
  );
  const receipt = await restoreFrom(resolve(file), {
    dataDir,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    log: stderrLog,
  });
  process.stdout.write(`${JSON.stringify({ restored: true, ...receipt })}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(
    `devfactory: ${error instanceof DomainError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = error instanceof DomainError && error.kind === 'invalid' ? 2 : 1;
}
