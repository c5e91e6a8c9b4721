/** The name that a sibling origin cannot set: browsers take it only from the host itself. */
const strictName = '__Host-devfactory-pass';
/** For browsers that take no Secure cookie over plain HTTP, in a tab of its own. A value is worth nothing at another origin. */
const plainName = 'devfactory-pass';

const maxAge = 12 * 60 * 60;

/** In a frame below the console only a partitioned cookie is sent; it is of no use in any other site's frame. */
export function passCookies(secret: string, isSecure: boolean): string[] {
  const strict = `${strictName}=${secret}; HttpOnly; Secure; SameSite=None; Partitioned; Path=/; Max-Age=${maxAge}`;
  const plain = `${plainName}=${secret}; HttpOnly; SameSite=Lax; Path=/; Max-Age=${maxAge}`;
  return isSecure ? [strict] : [strict, plain];
}

/** Passes that a request brings, and its Cookie header without anything of ours; null when nothing is left. */
export function takePasses(header: string | undefined): {
  readonly secrets: readonly string[];
  readonly rest: string | null;
} {
  const secrets: string[] = [];
  const rest: string[] = [];
  for (const part of (header ?? '').split(';')) {
    const [name = '', ...value] = part.trim().split('=');
    if (name === strictName || name === plainName) secrets.push(value.join('='));
    else if (part.trim() !== '' && !isOurs(name)) rest.push(part.trim());
  }
  return { secrets: secrets.slice(0, 8), rest: rest.length === 0 ? null : rest.join('; ') };
}

/** Names that only the factory sets, the console's session among them. */
export function isOurs(cookieName: string): boolean {
  return /^(?:__(?:Host|Secure)-)?devfactory[-_]/i.test(cookieName.trim());
}
