import type { Channel } from '../protocol/channel.ts';
import { Refusal } from '../protocol/protocol-error.ts';
import type { Request, SupervisorSettings } from '../protocol/requests.ts';
import { connectTo } from './connect.ts';
import { Commands } from './exec.ts';
import { descend } from './files/folder.ts';
import { followInside } from './files/follow.ts';
import { readPart, writePart } from './files/parts.ts';
import { putMany } from './files/put-many.ts';
import { read, readMany } from './files/read.ts';
import { remove, removeMany } from './files/remove.ts';
import { Sight } from './files/sight.ts';
import { parsePath } from './files/wire-path.ts';
import { write } from './files/write.ts';
import { LiveTasks } from './live-tasks.ts';
import { listeningPorts, watchPorts } from './ports.ts';
import { Terminals } from './terminals.ts';
import { measureUsage } from './usage.ts';

/** Answers the host's requests. The host is this program's master, so its requests are taken at their word. */
export class Service {
  readonly #settings: SupervisorSettings;
  readonly #commands: Commands;
  readonly #terminals: Terminals;
  readonly #sight: Sight;

  constructor(settings: SupervisorSettings) {
    this.#settings = settings;
    const tasks = new LiveTasks();
    this.#commands = new Commands('/run/supervisor', tasks);
    this.#terminals = new Terminals(tasks);
    this.#sight = new Sight(settings);
  }

  /** Whatever goes wrong with one request is that request's answer, and touches no other. */
  async answer(channel: Channel, request: Request): Promise<void> {
    try {
      await this.#act(channel, request);
    } catch (error) {
      if (channel.failure) return;
      if (error instanceof Refusal) channel.reset(error.code, error.message);
      else channel.reset('supervisor_error', error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }

  async #act(channel: Channel, request: Request): Promise<void> {
    const { root } = this.#settings;
    switch (request.op) {
      case 'ping':
        await this.#commands.started();
        return tell(channel, {});
      case 'stop':
        this.#commands.stop(request.task, request.how);
        return tell(channel, {});
      case 'ports':
        return tell(channel, { ports: listeningPorts() });
      case 'watchPorts':
        return watchPorts(channel);
      case 'usage':
        return tell(channel, await measureUsage([root, ...this.#settings.alsoMeasured]));
      case 'exec':
        return this.#commands.run(channel, request, this.#workingFolder(request.cwd));
      case 'terminal':
        return this.#terminals.run(channel, request, this.#workingFolder(request.cwd));
      case 'connect':
        return connectTo(channel, request.to);
      case 'read':
        return read(channel, { root, path: request, maxBytes: request.maxBytes });
      case 'write':
        return write(channel, { ...request, root });
      case 'remove':
        return remove(channel, root, request.path);
      case 'list':
        return this.#sight.list(channel, request.path);
      case 'walk':
        return this.#sight.walk(channel, request.since);
      case 'readMany':
        return readMany(channel, { root, maxBytes: request.maxBytes });
      case 'readPart':
        return readPart(channel, root, request);
      case 'writePart':
        return writePart(channel, root, request);
      case 'putMany':
        return putMany(channel, root);
      case 'removeMany':
        return removeMany(channel, root);
    }
  }

  #workingFolder(cwd: string): string {
    const { root } = this.#settings;
    const names = followInside(root, parsePath({ path: cwd, raw: false }));
    descend(root, names).close();
    return names.length === 0 ? root : `${root}/${names.map((name) => name.toString('utf8')).join('/')}`;
  }
}

async function tell(channel: Channel, value: object): Promise<void> {
  await channel.send(value);
  channel.end();
}
