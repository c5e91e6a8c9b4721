import type { LookupAddress } from 'node:dns';

export interface BwrapOptions {
  /** The installation's data directory; workspaces lie in a folder of their own below it. Absolute. */
  readonly dataDir: string;
  /** Where Node and the supervisor are laid out for the sandboxes: readable to every user. Default: `<dataDir>/runtime`. */
  readonly runtimeDir?: string;
  /** The Node that runs inside. Default: the one that runs this. */
  readonly node?: string;
  /** Hosts ('name', 'name:port', '*.name') that may be reached although their address is private. Default: none. */
  readonly allowPrivate?: readonly string[];
  /** Environment of the host, for its proxy, certificate and registry settings. Default: process.env. */
  readonly hostEnv?: Readonly<Record<string, string | undefined>>;
  /** Programs of the host that every sandbox is shown, read-only, in /opt/tools/<name>, and not on its PATH. What cannot be had is left out. */
  readonly programs?: readonly { readonly name: string; readonly folder: () => Promise<string> }[];
  /** Folders of the host that a workspace sees read-only beside its own; what is laid into them later is seen as well. */
  readonly sights?: (workspaceId: string) => readonly { readonly from: string; readonly at: string }[];
  /** How names are resolved on the host. Default: the system's resolver. */
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>;
}
