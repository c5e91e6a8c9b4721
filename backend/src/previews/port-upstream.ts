import { DomainError } from '@devfactory/kit';
import type { Upstream } from '../gateway/upstream.ts';
import type { LiveWorkspaces } from '../workspaces/live-workspaces.ts';

const againAfterSeconds = 2;

/** What listens on a port of a run's workspace. A connection keeps the sandbox; it never starts one. */
export function portUpstream(workspaces: LiveWorkspaces): Upstream {
  return {
    calledBy: 'its workspace',
    connect: async ({ runId, service }) => {
      const hold = await workspaces.join(runId);
      if (!hold) throw nothingThere('Nothing runs in this workspace now. Start the preview from the console.');
      try {
        const stream = await hold.connect(Number(service));
        stream.once('close', () => void hold.close());
        return stream;
      } catch (error) {
        await hold.close();
        if (!(error instanceof DomainError) || error.code !== 'port_closed') throw error;
        throw nothingThere(`Nothing listens on port ${service} yet; this page looks again by itself.`);
      }
    },
  };
}

function nothingThere(message: string): DomainError {
  return new DomainError('preview_not_up', 'unavailable', { message, retryAfterSeconds: againAfterSeconds });
}
