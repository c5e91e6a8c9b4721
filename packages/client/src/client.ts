import {
  CleanUp,
  DestinationKind,
  DoctorCheck,
  IssuesFound,
  RunStoragePage,
  StoragePlace,
  StorageUse,
  TombstonePage,
  Trial,
  type Destination,
  type IssueQuery,
  type RunEvent,
  type RunSummary,
} from '@devfactory/contracts';
import { z } from 'zod';
import { Agents } from './agents.ts';
import * as answers from './answers.ts';
import { followFeed, followRun, type FollowRunOptions } from './follow-run.ts';
import type { FollowOptions } from './follow.ts';
import { GuidanceSettings } from './guidance.ts';
import { Ide } from './ide.ts';
import { Intakes } from './intakes.ts';
import { Models } from './models.ts';
import { Previews } from './previews.ts';
import { Runs, type PageOptions } from './runs.ts';
import { Terminals } from './terminals.ts';
import { Transport, type ClientOptions } from './transport.ts';

/** Everything a server can be asked, typed. Methods throw ApiError. Holds no state but its options; make as many as you like. */
export interface Client {
  readonly runs: Runs;
  readonly models: Models;
  readonly agents: Agents;
  readonly guidance: GuidanceSettings;
  readonly intakes: Intakes;
  readonly terminals: Terminals;
  readonly ide: Ide;
  readonly previews: Previews;
  about(signal?: AbortSignal): Promise<answers.About>;
  doctor(): Promise<DoctorCheck[]>;
  /** What the installation keeps, and its quota. */
  storage(): Promise<StorageUse>;
  /** Where checkpoints, evidence and delivered files are kept. */
  storagePlace(): Promise<StoragePlace>;
  /** Writes a few bytes there, reads and removes them. */
  testStorage(): Promise<Trial>;
  /** Kinds of destinations, and which this server is set up for. */
  destinations(): Promise<DestinationKind[]>;
  /** Tries a destination as a delivery would. */
  testDestination(destination: Destination): Promise<Trial>;
  /** Issues of a GitHub repository, each as the requirement that it would be. */
  issues(query: IssueQuery): Promise<IssuesFound>;
  /** What each run keeps, the largest first. */
  storageByRun(page?: PageOptions): Promise<RunStoragePage>;
  /** Frees what nothing needs; with dryRun only tells what that would be. */
  cleanUp(order: { readonly dryRun: boolean }): Promise<CleanUp>;
  /** What is left of deleted runs, the last first. */
  deletedRuns(page?: PageOptions): Promise<TombstonePage>;
  /** Sends a ZIP as the first files of a run to come. */
  upload(zip: Blob, options?: { readonly signal?: AbortSignal }): Promise<answers.UploadReceipt>;
  /** The whole installation as one file, as a response whose body can be streamed. Needs the token. */
  backup(): Promise<Response>;
  /** A fresh link that logs a browser in, once. Needs the token. */
  loginLink(): Promise<string>;
  logout(): Promise<void>;
  /** Whether a server answers at all; never throws. */
  isHealthy(signal?: AbortSignal): Promise<boolean>;
  /** A run's events, live, each once and in order. See followRun. */
  followRun(options: FollowRunOptions): AsyncGenerator<RunEvent>;
  /** Changes of all runs. See followFeed. */
  followFeed(options?: FollowOptions): AsyncGenerator<RunSummary>;
}

/** Makes a client. In a browser: `createClient({ baseUrl: '' })`, its cookie travels along. */
export function createClient(options: ClientOptions): Client {
  const transport = new Transport(options);
  return {
    runs: new Runs(transport),
    models: new Models(transport),
    agents: new Agents(transport),
    guidance: new GuidanceSettings(transport),
    intakes: new Intakes(transport),
    terminals: new Terminals(transport),
    ide: new Ide(transport),
    previews: new Previews(transport),
    about: (signal) => transport.json('/api/about', answers.About, { signal }),
    storage: () => transport.json('/api/storage', StorageUse),
    storagePlace: () => transport.json('/api/storage/place', StoragePlace),
    testStorage: () => transport.json('/api/storage/test', Trial, { method: 'POST' }),
    destinations: () => transport.json('/api/destinations', z.array(DestinationKind)),
    testDestination: (destination) =>
      transport.json('/api/destinations/test', Trial, { method: 'POST', json: { destination } }),
    issues: (query) => transport.json('/api/issues', IssuesFound, { query }),
    storageByRun: (page = {}) => transport.json('/api/storage/runs', RunStoragePage, { query: { ...page } }),
    cleanUp: (order) => transport.json('/api/storage/clean-up', CleanUp, { method: 'POST', json: order }),
    deletedRuns: (page = {}) => transport.json('/api/deleted-runs', TombstonePage, { query: { ...page } }),
    doctor: () => transport.json('/api/doctor', z.array(DoctorCheck)),
    upload: (zip, { signal } = {}) =>
      transport.json('/api/uploads', answers.UploadReceipt, {
        method: 'POST',
        body: zip,
        headers: { 'content-type': 'application/zip' },
        signal,
      }),
    backup: () => transport.send('/api/backup', { method: 'POST', headers: { accept: '*/*' } }),
    loginLink: async () => (await transport.json('/api/login-links', answers.LoginLink, { method: 'POST' })).url,
    logout: async () => void (await transport.send('/api/logout', { method: 'POST' })),
    isHealthy: async (signal) => {
      try {
        await transport.json('/healthz', z.object({ ok: z.literal(true) }), { signal });
        return true;
      } catch {
        return false;
      }
    },
    followRun: (follow) => followRun(transport, follow),
    followFeed: (follow) => followFeed(transport, follow),
  };
}
