/** Whether a host matches one of 'name', '*.name', or these with ':port'. A pattern without a port is for any of `ports`. */
export function isListed(target: Target, patterns: readonly string[], ports: readonly number[]): boolean {
  return patterns.some((pattern) => {
    const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(pattern.toLowerCase()) ?? [];
    return (
      matchesName(target.host, name) &&
      (port === undefined ? ports.includes(target.port) : target.port === Number(port))
    );
  });
}

export interface Target {
  readonly host: string;
  readonly port: number;
}

function matchesName(host: string, name: string): boolean {
  if (name.startsWith('*.')) return host.endsWith(name.slice(1)) && host.length > name.length - 1;
  return host === name;
}

/** One spelling for each host: small letters, no dot at the end, no brackets. */
export function cleanHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}
