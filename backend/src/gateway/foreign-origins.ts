import { DomainError } from '@devfactory/kit';

/** What a foreign origin shows: one service of one run's workspace. */
export interface ForeignPlace {
  readonly runId: string;
  /** A port's number, or the reserved name of a service: 'ide'. */
  readonly service: number | string;
}

const hostPattern = /^(\d{1,5}|[a-z]{2,20})--run-([a-z2-7]{16})(\..+)$/;
const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Names of the origins that foreign code lives on: `<port>--run-<id>.localhost`, `ide--run-<id>.localhost`, and the same below a domain of
 * one's own. No two services share an origin, and none has the console's.
 */
export class ForeignOrigins {
  readonly #port: number;
  readonly #own: { readonly scheme: string; readonly suffix: string; readonly port: string } | null;

  /** `pattern` is the setting DEVFACTORY_PREVIEW_ORIGIN, null without one. Throws invalid_environment. */
  constructor(port: number, pattern: string | null) {
    this.#port = port;
    this.#own = pattern === null ? null : parsePattern(pattern);
  }

  /** The place that a Host header names; null for every other name. The port is not looked at: it may have been forwarded. */
  placeOf(host: string): ForeignPlace | null {
    const [, service = '', run = '', rest = ''] = hostPattern.exec(host.toLowerCase()) ?? [];
    const suffix = rest.replace(/:\d{1,5}$/, '');
    if (suffix !== '.localhost' && suffix !== this.#own?.suffix) return null;
    if (!/^\d/.test(service)) return { runId: `run_${run}`, service };
    const port = Number(service);
    return port >= 1 && port <= 65_535 && String(port) === service ? { runId: `run_${run}`, service: port } : null;
  }

  /**
   * The place's origin for a browser whose console is at `consoleHost`. Throws preview_origin_missing where that browser is on another machine
   * and nobody said by which names it gets here.
   */
  originOf(place: ForeignPlace, consoleHost: string): string {
    const label = labelOf(place);
    if (loopback.has(consoleHost.toLowerCase().replace(/:\d{1,5}$/, '')))
      return `http://${label}.localhost:${this.#port}`;
    if (this.#own) return `${this.#own.scheme}://${label}${this.#own.suffix}${this.#own.port}`;
    throw new DomainError('preview_origin_missing', 'unavailable', {
      message:
        'Previews run on origins of their own, and this server does not know a domain for them that your browser could reach. Set DEVFACTORY_PREVIEW_ORIGIN to a wildcard that leads to its preview port, like https://*.preview.example.com, and start it again; or open the console through an SSH tunnel as localhost.',
    });
  }

  /** How an application in the workspace is told to be named, whatever the domain: development servers refuse names they do not know. */
  innerOrigin(place: ForeignPlace): string {
    return `http://${labelOf(place)}.localhost:${this.#port}`;
  }

  /** For the console's Content-Security-Policy: what it may frame and send its tickets to. */
  sources(): readonly string[] {
    const own = this.#own ? [`${this.#own.scheme}://*${this.#own.suffix}${this.#own.port}`] : [];
    return [`http://*.localhost:${this.#port}`, ...own];
  }

  /** True for names below a domain that browsers reach by https. */
  isSecure(host: string): boolean {
    return (
      this.#own?.scheme === 'https' &&
      host
        .toLowerCase()
        .replace(/:\d{1,5}$/, '')
        .endsWith(this.#own.suffix)
    );
  }
}

export function labelOf({ runId, service }: ForeignPlace): string {
  return `${service}--${runId.replace('_', '-')}`;
}

function parsePattern(pattern: string): { scheme: string; suffix: string; port: string } {
  const [, scheme, suffix, port = ''] =
    /^(https?):\/\/\*(\.[a-z0-9-]+(?:\.[a-z0-9-]+)*)(:\d{1,5})?\/?$/.exec(pattern.trim().toLowerCase()) ?? [];
  if (scheme === undefined || suffix === undefined)
    throw new DomainError('invalid_environment', 'invalid', {
      message: `DEVFACTORY_PREVIEW_ORIGIN is "${pattern}": it is a wildcard origin like https://*.preview.example.com.`,
    });
  return { scheme, suffix, port };
}
