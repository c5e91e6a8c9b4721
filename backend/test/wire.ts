import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const name = '.s.PGSQL.5432';

/** A way to PostgreSQL's socket that can break: what was asked arrives, and the answer never comes. */
export class Wire {
  readonly folder: string;
  /** Answers that never came. */
  lost = 0;
  #losing = false;
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(folder: string, target: string) {
    this.folder = folder;
    this.#server = createServer((near) => {
      const far = connect(join(target, name));
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#open.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.#open.delete(socket);
          other.destroy();
        });
      }
      near.pipe(far);
      far.on('data', (bytes) => {
        if (!this.#losing) return void near.write(bytes);
        this.#losing = false;
        this.lost += 1;
        near.destroy();
      });
    });
  }

  static async to(target: string): Promise<Wire> {
    const folder = await mkdtemp(join(tmpdir(), 'devfactory-wire-'));
    const wire = new Wire(folder, target);
    wire.#server.listen(join(folder, name));
    await once(wire.#server, 'listening');
    return wire;
  }

  /** The next answer is lost, with the connection. */
  loseNext(): void {
    this.#losing = true;
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    this.#server.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
