import { randomBytes } from 'node:crypto';
import type { DoctorCheck } from '@devfactory/contracts';
import { DomainError, publicRegistries, type WorkspaceDriver, type WorkspaceSpec } from '@devfactory/kit';
import { z } from 'zod';
import { check } from './check.ts';

const mebibyte = 1024 * 1024;
const limits: WorkspaceSpec['limits'] = {
  memoryBytes: 1024 * mebibyte,
  processes: 64,
  cpus: 1,
  diskBytes: 64 * mebibyte,
  files: 1000,
  tmpBytes: 16 * mebibyte,
};
const Answers = z.array(z.object({ url: z.string(), status: z.number().nullable() }));

/** Asks each registry as a package manager would: through the sandbox's proxy, with the settings that were handed in. */
const program = `
const urls = [process.env.npm_config_registry ?? 'https://${publicRegistries.npm}/', process.env.PIP_INDEX_URL ?? 'https://${publicRegistries.python}/simple/'];
const ask = (url) => fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(8000) }).then((answer) => answer.status, () => null);
const statuses = await Promise.all(urls.map(ask));
console.log(JSON.stringify(urls.map((url, index) => ({ url: new URL(url).host, status: statuses[index] }))));
`;

/** Whether a sandbox reaches the package registries, and nothing but what it was allowed. */
export async function registries(driver: WorkspaceDriver): Promise<DoctorCheck[]> {
  const id = `doctor-${randomBytes(6).toString('hex')}`;
  try {
    const workspace = await driver.open({ id, limits, egress: [publicRegistries.npm, publicRegistries.python] });
    try {
      const { stdout } = await workspace.exec({
        argv: ['node', '--input-type=module', '-e', program],
        timeoutMs: 15_000,
      });
      return Answers.parse(JSON.parse(stdout)).map(({ url, status }) => answer(url, status));
    } finally {
      await workspace.close();
      await driver.remove(id);
    }
  } catch (error) {
    // The sandbox's own line in the report says what is wrong with it.
    if (error instanceof DomainError) return [];
    return [check('registries', 'warning', { found: 'Whether package registries are in reach could not be told.' })];
  }
}

function answer(host: string, status: number | null): DoctorCheck {
  if (status !== null && status < 500)
    return check('registry', 'ok', { found: `${host} answers through the sandbox’s proxy` });
  return check('registry', 'warning', {
    found: `${host} is not in reach${status === null ? '' : ` (it answered ${status})`}; what needs its packages cannot be built or checked`,
    fix: 'Let this machine reach it, or name a mirror with npm_config_registry or PIP_INDEX_URL, HTTPS_PROXY where one is needed.',
  });
}
