import { createBwrapDriver } from '../index.ts';

/** A host that opens a sandbox, has something running in it, and waits to be killed. */
const [, , dataDir = '', mark = ''] = process.argv;
const limits = { memoryBytes: 5e8, processes: 100, cpus: 1, diskBytes: 1e8, files: 1000, tmpBytes: 1e7 };
const workspace = await createBwrapDriver({ dataDir }).open({ id: 'doomed', limits, egress: [] });
await workspace.start({
  argv: ['sh', '-c', `exec -a ${mark} sleep 600 & setsid sleep 600 & wait`],
  env: { MARK: mark },
  timeoutMs: 600_000,
});
await workspace.exec({ argv: ['true'], timeoutMs: 10_000 });
process.stdout.write('ready\n');
setInterval(() => undefined, 60_000);
