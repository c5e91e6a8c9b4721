import type { Target } from './rules.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The proxy that the host itself needs to reach this target; null where it goes by itself. */
export function upstreamProxy(env: Env, target: Target, isTls: boolean): string | null {
  if (bypasses(env, target)) return null;
  const names = isTls
    ? ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY']
    : ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'];
  const value = names.map((name) => env[name]).find((each) => each !== undefined && each !== '');
  if (value === undefined) return null;
  return value.includes('://') ? value : `http://${value}`;
}

function bypasses(env: Env, target: Target): boolean {
  const list = env['no_proxy'] ?? env['NO_PROXY'] ?? '';
  return list
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each !== '')
    .some((each) => {
      if (each === '*') return true;
      const [, name = '', port] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(each) ?? [];
      if (port !== undefined && Number(port) !== target.port) return false;
      return target.host === name || target.host.endsWith(`.${name}`);
    });
}
