/** One dependency as a lock file or manifest names it. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** package-url.github.io */
  readonly purl: string;
  /** Hashes that the lock file holds, in CycloneDX's words. */
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}

/** What one file of a project says; nothing where it cannot be read as what its name says. */
export type SbomReader = (text: string) => readonly Component[];

const part = (text: string): string => encodeURIComponent(text).replaceAll('%3A', ':').replaceAll('%2F', '/');

export function purl(type: string, name: string, version: string): string {
  return `pkg:${type}/${name.split('/').map(encodeURIComponent).join('/')}@${part(version)}`;
}
