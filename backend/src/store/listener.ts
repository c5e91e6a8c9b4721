import { setTimeout as pause } from 'node:timers/promises';
import { Client, type PoolConfig } from 'pg';
import type { Log } from '../server/log.ts';

/** What PostgreSQL's NOTIFY carries here: which run got new events, which run wants a worker, whose session ended, that people's agents changed; and what models write and how far deliveries are, which stands nowhere else. */
const channels = ['run_events', 'run_awake', 'session_ended', 'own_agents', 'run_words', 'run_progress'] as const;
export type Channel = (typeof channels)[number];

/** `null`: the connection was lost for a while, anything may have happened. */
export type Heard = (payload: string | null) => void;

/**
 * The one connection that LISTENs. A notification only says that something is new: whoever hears it asks the tables.
 * After a lost connection everyone is woken once, so that nothing said meanwhile is missed.
 */
export class Listener {
  readonly #heard = new Map<Channel, Set<Heard>>(channels.map((channel) => [channel, new Set()]));
  readonly #connection: () => PoolConfig;
  readonly #log: Log;
  readonly #closing = new AbortController();
  #client: Client | null = null;
  #life: Promise<void> = Promise.resolve();

  constructor(connection: () => PoolConfig, log: Log) {
    this.#connection = connection;
    this.#log = log;
  }

  /** Resolves once the first connection listens. */
  async start(): Promise<void> {
    await this.#connect();
    this.#life = this.#keepUp();
  }

  /** Returns what ends it. */
  on(channel: Channel, heard: Heard): () => void {
    this.#heard.get(channel)?.add(heard);
    return () => this.#heard.get(channel)?.delete(heard);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#client?.end().catch(() => undefined);
    await this.#life;
  }

  async #connect(): Promise<void> {
    const client = new Client({
      ...this.#connection(),
      application_name: 'devfactory listener',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    client.on('error', (error) => this.#log.warn({ reason: error.message }, 'the listening connection broke'));
    client.on('notification', ({ channel, payload }) => this.#tell(channel as Channel, payload ?? ''));
    try {
      await client.connect();
      for (const channel of channels) await client.query(`listen ${channel}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    this.#client = client;
  }

  async #keepUp(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const client = this.#client;
      if (client) await new Promise<void>((resolve) => client.once('end', () => resolve()));
      this.#client = null;
      if (signal.aborted) return;
      try {
        await this.#connect();
        for (const channel of channels) this.#tell(channel, null);
      } catch {
        await pause(250, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #tell(channel: Channel, payload: string | null): void {
    for (const heard of this.#heard.get(channel) ?? []) heard(payload);
  }
}
