import { DomainError, serviceAddresses, type ServiceName, type Workspace } from '@devfactory/kit';
import { postgresql } from './postgresql.ts';
import { redis } from './redis.ts';
import type { Service } from './service.ts';

/** A new service is its file and its line here, and its address in the kit. */
export const services: Readonly<Record<ServiceName, Service>> = { postgresql, redis };

export interface FoundService {
  readonly name: ServiceName;
  readonly title: string;
  /** The program's own words on its version; null where sandboxes have none. */
  readonly found: string | null;
  /** The command that brings it. */
  readonly fix: string;
}

/** Which of these a sandbox has. Executes nothing of the project. */
export async function findServices(
  workspace: Pick<Workspace, 'exec'>,
  names: readonly ServiceName[],
): Promise<readonly FoundService[]> {
  return Promise.all(
    names.map(async (name) => {
      const { find, debianPackage } = services[name];
      const { exitCode, stdout, timedOut } = await workspace.exec({
        argv: ['/bin/bash', '-c', find],
        timeoutMs: 60_000,
      });
      if (timedOut)
        throw new DomainError('tools_unseen', 'unavailable', {
          message: `Whether this machine has ${serviceAddresses[name].title} could not be seen: it is too busy to say so within a minute.`,
        });
      const found = exitCode === 0 ? (stdout.trim().split('\n')[0] ?? '').slice(0, 200) : null;
      return {
        name,
        title: serviceAddresses[name].title,
        found,
        fix: `sudo apt-get install -y ${debianPackage}`,
      };
    }),
  );
}

/** A sentence for each that is asked for and not there, with what mends it. */
export function missingServices(found: readonly FoundService[]): readonly string[] {
  return found
    .filter((service) => service.found === null)
    .map(
      ({ title, name, fix }) =>
        `This machine lacks ${title}, which devfactory.json asks for ("services": ["${name}"]). Install with: ${fix}`,
    );
}
