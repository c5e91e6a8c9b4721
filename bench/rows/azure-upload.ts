import { join } from 'node:path';
import { createAzureBlobStore } from '@devfactory/blobs-azure';
import { makeCheckpoint, openSourceTree } from '@devfactory/engine';
import { createAzureExporter } from '@devfactory/exporter-azure';
import type { Figure } from '../report/figure.ts';
import type { Row } from '../row.ts';
import { openAzurite } from '../stage/azurite.ts';
import { openSandbox } from '../stage/sandbox.ts';
import { timed } from '../stage/timing.ts';

const megabyte = 1024 ** 2;
const sampleMs = 50;
/** For 2 GB as for 200 MB: blocks on their way, a pack that is made, and what the collector has not come round to. */
const flat = { atMost: 384 * megabyte, of: 'value' } as const;

/** A large workspace goes to Azure, as a checkpoint and as a delivery; what the process takes meanwhile. */
export const azureUpload: Row = {
  name: 'azure-upload',
  title: 'A workspace of 2 GB goes to Azure (Azurite on this machine)',
  measure: async (bench) => {
    const parts = bench.pick(100, 1_000);
    const total = 2 * parts * megabyte;
    const folder = await bench.folder('azure-upload');
    const connectionString = await openAzurite(bench);
    const workspace = await openSandbox(bench, join(folder, 'data'));
    // Bytes that nothing makes smaller: half of them one file.
    const script = `head -c ${parts}M /dev/urandom > large.bin && for i in $(seq ${parts}); do head -c 1M /dev/urandom > part-$i.bin; done`;
    const made = await workspace.exec({ argv: ['bash', '-c', script], timeoutMs: 600_000 });
    if (made.exitCode !== 0) throw new Error(`the workspace was not filled: ${made.stderr}`);
    const hashed = await timed(() =>
      workspace.exec({ argv: ['bash', '-c', 'sha256sum * > /dev/null'], timeoutMs: 600_000 }),
    );
    const blobs = createAzureBlobStore({
      access: { kind: 'connection-string', connectionString, container: 'bench' },
      spoolDirectory: folder,
    });
    const about = { id: 'ck-1', label: 'bench', reason: 'base', step: null, previous: null } as const;
    const kept = await watched(() => makeCheckpoint({ workspace, blobs }, about));
    const exporter = createAzureExporter({
      environment: { DEVFACTORY_DELIVERY_CONNECTION_STRING: connectionString },
    });
    const tree = await openSourceTree(blobs, kept.result);
    const request = {
      exportId: 'ex-1',
      runId: 'run_abcdefgh234567ij',
      name: 'bench',
      destination: { kind: 'azure' } as const,
      tree,
      proof: { json: '{}', report: '', summary: { prompt: '', requirements: [] } },
      imported: null,
      blobs,
    };
    const sent = await watched(() => exporter.deliver(request, new AbortController().signal));
    const workspaceBytes = { name: 'the workspace', value: total };
    const reading = { name: 'sha256sum in the sandbox', value: hashed };
    const memory = (name: string, value: number): Figure => ({
      name,
      unit: 'bytes',
      value,
      n: 1,
      reference: workspaceBytes,
      goal: flat,
    });
    const time = (name: string, value: number): Figure => ({ name, unit: 'ms', value, n: 1, reference: reading });
    return {
      figures: [
        memory('checkpoint, most memory over before', kept.bytes),
        time('checkpoint', kept.ms),
        memory('archive delivered, most memory over before', sent.bytes),
        time('archive delivered and read back', sent.ms),
      ],
      notes: ['Memory is the resident set of this process, every 50 ms; the emulator has its own.'],
    };
  },
};

/** How long it takes, and how much more of memory this process has meanwhile, at most. */
async function watched<T>(work: () => Promise<T>): Promise<{ result: T; bytes: number; ms: number }> {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), sampleMs);
  const started = performance.now();
  try {
    const result = await work();
    return { result, bytes: most - before, ms: performance.now() - started };
  } finally {
    clearInterval(timer);
  }
}
