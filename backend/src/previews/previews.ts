import type { PreviewState } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import type { Upstream } from '../gateway/upstream.ts';
import { Preview, type PreviewParts } from './preview.ts';

const againAfterSeconds = 2;
const closed: PreviewState = { sandbox: 'closed', ports: [], server: { is: 'stopped' } };

/** Previews of all runs: one for each that somebody looks at, or had started. */
export class Previews {
  readonly #parts: PreviewParts;
  readonly #previews = new Map<string, Preview>();

  constructor(parts: PreviewParts) {
    this.#parts = parts;
  }

  stateOf(runId: string): PreviewState {
    return this.#previews.get(runId)?.state ?? closed;
  }

  of(runId: string): Preview {
    for (const [id, preview] of this.#previews) if (preview.isOver) this.#previews.delete(id);
    const known = this.#previews.get(runId) ?? new Preview(runId, this.#parts);
    this.#previews.set(runId, known);
    return known;
  }

  /** What listens on a port of a run's workspace. A connection keeps the sandbox and what was started; it never starts one. */
  upstream(): Upstream {
    return {
      calledBy: 'its workspace',
      connect: async ({ runId, service }) => {
        const hold = await this.#parts.workspaces.join(runId);
        if (!hold) throw notUp('Nothing runs in this workspace now. Start the preview from the console.');
        try {
          const stream = await hold.connect(Number(service));
          const release = this.of(runId).use();
          stream.once('close', () => {
            release();
            void hold.close();
          });
          return stream;
        } catch (error) {
          await hold.close();
          if (!(error instanceof DomainError) || error.code !== 'port_closed') throw error;
          throw notUp(`Nothing listens on port ${service} yet; this page looks again by itself.`);
        }
      },
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#previews.values()].map((preview) => preview.close()));
  }
}

function notUp(message: string): DomainError {
  return new DomainError('preview_not_up', 'unavailable', { message, retryAfterSeconds: againAfterSeconds });
}
