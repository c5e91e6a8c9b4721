import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { DoctorCheck, StorageUse } from '@devfactory/contracts';
import type { BlobStore, Exporter, Toolchain, WorkspaceDriver } from '@devfactory/kit';
import { tryBlobs } from '../storage/try-blobs.ts';
import type { Database } from '../store/database.ts';
import { check } from './check.ts';
import type { Readiness } from './readiness.ts';
import { registries } from './registries.ts';
import { toolchainTools } from './toolchains.ts';

const leastNode = 24;
const comfortableBytes = 5 * 1024 ** 3;
const gibibyte = 1024 ** 3;
const apt = (packages: string) => `sudo apt-get install -y ${packages}`;

export interface DoctorParts {
  readonly database: Database;
  readonly readiness: Readiness;
  readonly driver: WorkspaceDriver;
  readonly toolchains: readonly Toolchain[];
  readonly dataDir: string;
  readonly blobs: BlobStore;
  readonly exporters: ReadonlyMap<string, Exporter>;
  readonly storage: () => Promise<StorageUse>;
}

/** What this machine has and lacks, with the command that mends it. Probes the real thing each time it is asked. */
export async function examine(parts: DoctorParts): Promise<DoctorCheck[]> {
  const checks = await Promise.all([
    nodeVersion(),
    databaseAnswers(parts.database),
    sandbox(parts.readiness),
    registries(parts.driver),
    tool({ name: 'git', argv: ['git', '--version'], fix: apt('git') }),
    toolchainTools(parts.driver, parts.toolchains),
    tool({ name: 'python3', argv: ['python3', '--version'], fix: apt('python3') }),
    tool({
      name: 'python3-venv',
      argv: ['python3', '-c', 'import venv, ensurepip; print("there")'],
      fix: apt('python3-venv'),
    }),
    diskSpace(parts),
    quota(parts),
    dataDirectory(parts.dataDir),
    certificates(),
    blobStorage(parts.blobs),
  ]);
  return [...checks.flat(), ...[...parts.exporters.values()].map(delivery)];
}

async function nodeVersion(): Promise<DoctorCheck> {
  const enough = Number(process.versions.node.split('.')[0]) >= leastNode;
  return check('node', enough ? 'ok' : 'error', {
    found: process.version,
    fix: enough ? '' : `Start with npm start, which brings Node ${leastNode} along.`,
  });
}

async function databaseAnswers(database: Database): Promise<DoctorCheck> {
  try {
    const [row] = await database.query<{ version: string }>(`select current_setting('server_version') as version`);
    return check('database', 'ok', { found: `PostgreSQL ${row?.version ?? ''}` });
  } catch (error) {
    return check('database', 'error', {
      found: error instanceof Error ? error.message : String(error),
      fix: 'Look into postgres-start.log and postgres/log in the data directory, or at DATABASE_URL.',
    });
  }
}

/** The sandbox itself, and a line for each limit that is not enforced here. */
async function sandbox(readiness: Readiness): Promise<DoctorCheck[]> {
  const report = await readiness
    .probe()
    .catch((error: unknown) => ({ usable: false, found: String(error), fix: '', notEnforced: [] }));
  return [
    check('sandbox', report.usable ? 'ok' : 'error', { found: report.found, fix: report.fix }),
    ...report.notEnforced.map((limit) =>
      check('sandbox limit', 'warning', {
        found: `Not enforced here: ${limit}`,
        fix: 'SECURITY.md says what that means; run only code you trust.',
      }),
    ),
  ];
}

async function tool(wanted: {
  readonly name: string;
  readonly argv: readonly string[];
  readonly fix: string;
}): Promise<DoctorCheck> {
  const [command, ...args] = wanted.argv;
  try {
    const { stdout } = await promisify(execFile)(command ?? '', args, { timeout: 10_000 });
    return check(wanted.name, 'ok', { found: stdout.trim() });
  } catch {
    return check(wanted.name, 'warning', {
      found: 'not found; projects that need it cannot be built or checked',
      fix: wanted.fix,
    });
  }
}

async function diskSpace({ readiness }: DoctorParts): Promise<DoctorCheck> {
  const free = await readiness.freeBytes();
  const low = free < comfortableBytes;
  return check('disk', low ? 'warning' : 'ok', {
    found: `${(free / gibibyte).toFixed(1)} GiB free for the data directory`,
    fix: low ? 'Make room: checkpoints and dependencies of a few runs take some GiB.' : '',
  });
}

/** A line only where a quota is set. */
async function quota({ storage }: DoctorParts): Promise<DoctorCheck[]> {
  const { bytes, used, state, sentence } = (await storage()).quota;
  if (bytes === null) return [];
  const outcome = state === 'reached' ? 'error' : state === 'near' ? 'warning' : 'ok';
  const found = sentence === '' ? `${(used / 1e6).toFixed(1)} of ${(bytes / 1e6).toFixed(1)} MB are used` : sentence;
  return [
    check('quota', outcome, {
      found,
      fix:
        outcome === 'ok'
          ? ''
          : 'devfactory storage shows which runs keep most; devfactory clean-up --dry-run what nothing needs.',
    }),
  ];
}

async function dataDirectory(dataDir: string): Promise<DoctorCheck> {
  const { mode } = await stat(dataDir);
  const writable = await access(dataDir, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!writable)
    return check('data directory', 'error', {
      found: `${dataDir} cannot be written`,
      fix: `sudo chown -R $(id -u) ${dataDir}`,
    });
  const open = (mode & 0o066) !== 0;
  return check('data directory', open ? 'warning' : 'ok', {
    found: `${dataDir}, mode ${(mode & 0o777).toString(8)}`,
    fix: open ? `chmod go-rw ${dataDir}` : '',
  });
}

/** Writes a few bytes, reads and removes them. */
async function blobStorage(blobs: BlobStore): Promise<DoctorCheck> {
  const { ok, sentence } = await tryBlobs(blobs);
  return check('blob store', ok ? 'ok' : 'error', {
    found: sentence,
    fix: ok ? '' : 'Look at DEVFACTORY_BLOB_STORE and what it needs: docs/guides/azure-blob.md.',
  });
}

/** A destination that nobody has set up is no fault. */
function delivery(exporter: Exporter): DoctorCheck {
  const { ready, place, why } = exporter.setUp();
  const found = ready ? place || 'ready' : `not set up: ${why}`;
  return check(`delivery ${exporter.id}`, 'ok', { found });
}

/** Package managers in the sandbox need the host's certificates. */
async function certificates(): Promise<DoctorCheck> {
  const file = process.env['SSL_CERT_FILE'] ?? '/etc/ssl/certs/ca-certificates.crt';
  const there = await access(file, constants.R_OK).then(
    () => true,
    () => false,
  );
  return check('certificates', there ? 'ok' : 'warning', {
    found: there ? file : `${file} is not there`,
    fix: there ? '' : apt('ca-certificates'),
  });
}
