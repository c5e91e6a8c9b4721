import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { RunEvent } from '@devfactory/contracts';
import { advanceRun, type EngineDeps } from '@devfactory/engine';
import type { Lease, Signer } from '@devfactory/kit';
import { AgentGallery } from '../agents/agent-gallery.ts';
import { Agents } from '../agents/agents.ts';
import { SessionStore } from '../auth/session.store.ts';
import type { Plugins } from '../composition.ts';
import { Readiness } from '../doctor/readiness.ts';
import { openEditing, type Editing } from '../edits/open-editing.ts';
import { EventStreams } from '../events/event-streams.ts';
import { ToldProgress } from '../events/live-progress.ts';
import { SaidWords } from '../events/live-words.ts';
import { HookStore } from '../exports/hook.store.ts';
import { Hooks } from '../exports/hooks.ts';
import { Listening } from '../exports/listening.ts';
import { GuidanceSettings } from '../guidance/guidance-settings.ts';
import { IdeBundle } from '../ide/ide-bundle.ts';
import { Ides } from '../ide/ides.ts';
import { IntakeStore } from '../intakes/intake.store.ts';
import { Intakes } from '../intakes/intakes.ts';
import { modelProxy } from '../model-proxy/model-proxy.ts';
import { Models } from '../models/models.ts';
import { Previews } from '../previews/previews.ts';
import { Screenshots } from '../previews/screenshots.ts';
import { LeaseStore } from '../runs/lease.store.ts';
import { PostgresRunLog } from '../runs/postgres-run-log.ts';
import { RunCreation } from '../runs/run-creation.ts';
import { RunStore } from '../runs/run.store.ts';
import { WakeQueue } from '../runs/wake-queue.ts';
import { Worker } from '../runs/worker.ts';
import { openStorage, type Storage } from '../storage/open-storage.ts';
import { Database } from '../store/database.ts';
import { EventStore } from '../store/event-store.ts';
import { Listener } from '../store/listener.ts';
import { migrate } from '../store/migrate.ts';
import { Terminals } from '../terminals/terminals.ts';
import { UploadFiles } from '../uploads/upload-files.ts';
import { LiveWorkspaces } from '../workspaces/live-workspaces.ts';
import type { SharedDriver } from '../workspaces/shared-driver.ts';
import type { Closers } from './closers.ts';
import type { DataDirectory } from './data-directory.ts';
import type { Log } from './log.ts';
import { openStore } from './open-store.ts';
import { openSigner } from './signing-key.ts';

const previewIdleMs = 10 * 60 * 1000;

/** What the server is made of below HTTP. */
export interface Core {
  readonly database: Database;
  readonly events: EventStore;
  readonly runs: RunStore;
  readonly sessions: SessionStore;
  readonly streams: EventStreams;
  readonly uploads: UploadFiles;
  readonly readiness: Readiness;
  readonly storage: Storage;
  readonly models: Models;
  readonly guidance: GuidanceSettings;
  readonly liveWorkspaces: LiveWorkspaces;
  readonly terminals: Terminals;
  readonly ides: Ides;
  readonly listener: Listener;
  readonly editing: Editing;
  readonly previews: Previews;
  readonly screenshots: Screenshots;
  readonly signer: Signer;
  readonly hooks: Hooks;
  readonly agents: Agents;
  readonly creation: RunCreation;
  readonly intakes: Intakes;
  readonly gallery: AgentGallery;
}

export interface CorePlace {
  readonly directory: DataDirectory;
  readonly databaseUrl: string | null;
  readonly plugins: Plugins & { readonly driver: SharedDriver };
  readonly concurrency: number;
  readonly quotaBytes: number | null;
  /** Where models' keys and addresses may stand. */
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Log;
  readonly closers: Closers;
  readonly limits?: EngineDeps['limits'];
  /** Milliseconds between two looks at what is said about deliveries; null: none. */
  readonly listenMs: number | null;
  /** Where people open the console, for links in places outside; null: there are none. */
  readonly consoleUrl: string | null;
  readonly ide: { readonly directory: string; readonly wanted: boolean };
  /** Milliseconds after which an unused terminal or IDE ends. */
  readonly idleMs: number;
}

/** Opens database, stores, queue and worker; runs that were cut off go on from here. */
export async function openCore(place: CorePlace): Promise<Core> {
  const { directory, log, closers } = place;
  const { database, connection } = await openStore(place);
  await migrate(database);
  const listener = new Listener(connection, log);
  closers.add('listener', () => listener.close());
  await listener.start();
  const events = new EventStore(database);
  const queue = new WakeQueue(database, log);
  closers.add('queue', () => queue.close());
  const sessions = new SessionStore(database);
  const uploads = await UploadFiles.in(directory.path, database);
  const runs = new RunStore(database, queue);
  const agents = await Agents.in({ database, runs, ...place.plugins });
  listener.on('own_agents', () => void agents.read().catch((error: unknown) => log.error({ err: error }, 'agents')));
  const plugins = { ...place.plugins, agents: agents.all };
  const storage = openStorage({ ...place, database, events, uploads });
  const streams = new EventStreams({ events, runs, listener, sessions });
  closers.add('streams', () => streams.close());
  const models = await Models.in({
    database,
    dataDir: directory.path,
    providers: plugins.modelProviders,
    environment: place.environment,
  });
  const guidance = new GuidanceSettings({ database, events, dataDir: directory.path });
  const liveWorkspaces = new LiveWorkspaces({ ...plugins, events, ...(place.limits ? { limits: place.limits } : {}) });
  const editing = openEditing({ database, events, runs, liveWorkspaces, blobs: plugins.blobs });
  closers.add('editing', () => editing.close());
  const runLog = new PostgresRunLog({ database, events, listener });
  const signer = await openSigner(directory.path);
  const words = new SaidWords(database);
  closers.add('words', () => words.close());
  const told = new ToldProgress(database);
  const deps: EngineDeps = {
    coEditing: editing.beside,
    ...plugins,
    uploads,
    log: runLog,
    models: models.catalogue,
    spending: models.spending,
    signer,
    modelProxy,
    arrivals: join(directory.path, 'deliveries'),
    guidance,
    tellWords: (runId, said) => words.take(runId, said),
    tellProgress: (runId, progress) => told.take(runId, progress),
    ...(place.limits ? { limits: place.limits } : {}),
  };
  const worker = await openWorker(place, { database, deps });
  closers.add('worker', () => worker.close());
  listener.on('run_awake', () => worker.wake());
  const hooks = new HookStore(database);
  await queue.start({
    wake: () => worker.wake(),
    housekeeping: async () =>
      void (await Promise.all([
        sessions.removeExpired(),
        uploads.removeOld(),
        storage.cleaning.keepHouse(),
        hooks.removeOld(),
      ])),
  });
  const { unannounced } = editing;
  const terminals = new Terminals({ live: liveWorkspaces, unannounced, idleMs: place.idleMs });
  closers.add('terminals', () => terminals.closeAll());
  const bundle = new IdeBundle({ ...place.ide, environment: place.environment });
  const ides = new Ides({
    bundle,
    live: liveWorkspaces,
    unannounced,
    events,
    watch: (runId, wake) => runLog.watch(runId, wake),
    idleMs: place.idleMs,
  });
  closers.add('ides', () => ides.closeAll());
  worker.start();
  const gallery = new AgentGallery({
    ...plugins,
    runs,
    own: agents,
    ...(place.limits ? { limits: place.limits } : {}),
  });
  closers.add('gallery', () => gallery.close());
  const previews = new Previews({
    workspaces: liveWorkspaces,
    toolchains: plugins.toolchains,
    idleMs: Math.min(previewIdleMs, place.idleMs),
  });
  closers.add('previews', () => previews.close());
  const readiness = new Readiness(plugins.driver, directory.path);
  const creation = new RunCreation({ ...plugins, database, events, runs, uploads, readiness, storage, models });
  const intakes = new Intakes({
    store: new IntakeStore(database),
    creation,
    exporters: plugins.exporters,
    log,
    consoleUrl: place.consoleUrl,
  });
  return {
    database,
    creation,
    intakes,
    signer,
    events,
    terminals,
    ides,
    runs,
    sessions,
    streams,
    uploads,
    readiness,
    storage,
    models,
    guidance,
    listener,
    liveWorkspaces,
    editing,
    previews,
    screenshots: new Screenshots({ ...plugins, workspaces: liveWorkspaces, database, events }),
    agents,
    gallery,
    hooks: listenToDeliveries(place, { database, events, runs, hooks, intakes }),
  };
}

/** Hears what is said about deliveries, at intervals and when a hook tells. */
function listenToDeliveries(
  { plugins, log, closers, listenMs, environment }: CorePlace,
  parts: Pick<Core, 'database' | 'events' | 'runs' | 'intakes'> & { readonly hooks: HookStore },
): Hooks {
  const listening = new Listening({ ...parts, exporters: plugins.exporters, log, everyMs: listenMs });
  closers.add('listening', () => listening.close());
  listening.start();
  return new Hooks({ store: parts.hooks, listening, secret: environment['DEVFACTORY_GITHUB_WEBHOOK_SECRET'] });
}

async function openWorker(
  place: CorePlace,
  parts: { readonly database: Database; readonly deps: EngineDeps },
): Promise<Worker> {
  const leases = new LeaseStore(parts.database, { installation: place.directory.installation, process: randomUUID() });
  // The data directory is ours alone: whoever of this installation held leases is dead.
  await leases.releaseDead();
  return new Worker({
    leases,
    advance: (lease) => advanceRun(parts.deps, lease),
    fail: (lease, error) => failRun(parts.deps, lease, error),
    concurrency: place.concurrency,
    log: place.log,
  });
}

function failRun({ log }: EngineDeps, lease: Lease, error: unknown): Promise<readonly RunEvent[]> {
  const reason = `The run stumbled again and again: ${error instanceof Error ? error.message : String(error)}. The server's log has the rest; resume to try once more.`;
  return log.append(lease, [
    { type: 'run.failed', actor: { kind: 'factory' }, data: { code: 'internal_error', reason: reason.slice(0, 2000) } },
  ]);
}
