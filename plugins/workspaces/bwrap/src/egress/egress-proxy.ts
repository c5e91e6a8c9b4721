import type { LookupAddress } from 'node:dns';
import { lookup as lookupAll } from 'node:dns/promises';
import { Agent } from 'node:http';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { callbackify } from 'node:util';
import type { EgressDecision } from '@devfactory/kit';
import { RequestError, Server } from 'proxy-chain';
import type { PrepareRequestFunctionResult } from 'proxy-chain';
import { isPrivateAddress } from './addresses.ts';
import { cleanHost, isListed } from './rules.ts';
import type { Target } from './rules.ts';
import { wearSocketFace } from './socket-face.ts';
import { upstreamProxy } from './upstream.ts';

export interface EgressOptions {
  /** Hosts that may be reached, on ports 80 and 443 unless a pattern names another. */
  readonly allowed: readonly string[];
  /** Hosts among them whose address may be private. */
  readonly allowPrivate: readonly string[];
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>;
}

const webPorts = [80, 443];
/** A sandbox that knocks in a loop must not fill the host's memory. */
const keptDecisions = 1_000;

/**
 * The proxy on the host that a sandbox's connections end at. One place parses the target, decides, resolves once and dials what it
 * resolved. It listens nowhere: connections are handed to it.
 */
export class EgressProxy {
  readonly #options: EgressOptions;
  readonly #server: Server;
  /** Kept connections would skip the look at the address; each proxy dials for itself. */
  readonly #agent = new Agent({ keepAlive: false });
  readonly #decisions: EgressDecision[] = [];

  constructor(options: EgressOptions) {
    this.#options = options;
    this.#server = new Server({
      prepareRequestFunction: ({ hostname, port, isHttp }) =>
        this.#prepare({ host: cleanHost(hostname), port }, isHttp),
    });
  }

  accept(stream: Duplex): void {
    wearSocketFace(stream);
    this.#server.server.emit('connection', stream);
  }

  /** Decisions since the last call. */
  takeDecisions(): readonly EgressDecision[] {
    return this.#decisions.splice(0);
  }

  close(): void {
    this.#server.closeConnections();
    this.#agent.destroy();
  }

  #prepare(target: Target, isHttp: boolean): PrepareRequestFunctionResult {
    if (!isListed(target, this.#options.allowed, webPorts))
      this.#refuse(target, 'it is not on the list of hosts that may be reached');
    const mayBePrivate = isListed(target, this.#options.allowPrivate, webPorts);
    const isAddress = isIP(target.host) !== 0;
    if (isAddress && isPrivateAddress(target.host) && !mayBePrivate) this.#refuse(target, 'its address is private');
    const upstream = upstreamProxy(this.#options.hostEnv, target, !isHttp);
    if (upstream !== null) {
      // The other proxy resolves the name: only what we are told can be judged here.
      this.#decide(target, true);
      return { upstreamProxyUrl: upstream, httpAgent: this.#agent };
    }
    if (isAddress) this.#decide(target, true);
    // The type wants all overloads of dns.lookup; a socket calls one.
    const dnsLookup = this.#lookup(target, mayBePrivate) as NonNullable<PrepareRequestFunctionResult['dnsLookup']>;
    return { dnsLookup, httpAgent: this.#agent };
  }

  #lookup(target: Target, mayBePrivate: boolean): LookupFunction {
    const judge = callbackify(() => this.#judge(target, mayBePrivate));
    return (_host, options, done) =>
      judge((error, addresses) => {
        const [first] = addresses ?? [];
        if (!first) done(error ?? new Error(`${target.host} has no address`), '', 0);
        else if (options.all === true) done(null, addresses);
        else done(null, first.address, first.family);
      });
  }

  /** Resolves once, refuses if any answer is private, and gives back exactly what was judged. */
  async #judge(target: Target, mayBePrivate: boolean): Promise<LookupAddress[]> {
    const addresses = await this.#resolve(target.host).catch(() => []);
    const refused = !mayBePrivate && addresses.some(({ address }) => isPrivateAddress(address));
    this.#decide(target, !refused);
    if (refused) throw new Error(`egress denied: ${target.host} has a private address`);
    return [...addresses];
  }

  #resolve(host: string): Promise<readonly LookupAddress[]> {
    return this.#options.resolve ? this.#options.resolve(host) : lookupAll(host, { all: true });
  }

  #refuse(target: Target, why: string): never {
    this.#decide(target, false);
    throw new RequestError(`egress denied: ${target.host}:${target.port}: ${why}\n`, 403);
  }

  #decide({ host, port }: Target, allowed: boolean): void {
    if (this.#decisions.length < keptDecisions) this.#decisions.push({ host: host.slice(0, 255), port, allowed });
  }
}
