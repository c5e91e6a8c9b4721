/** A kind of secret and how it looks. `pattern` has one group, the secret itself, and takes time linear in the line. */
export interface SecretRule {
  readonly name: string;
  readonly pattern: RegExp;
  /** Further proof that a match is one, given the secret. */
  readonly confirm?: (secret: string) => boolean;
}

/** Shapes that are secrets by their make: a fixed prefix or frame, and enough randomness behind it. */
export const secretRules: readonly SecretRule[] = [
  { name: 'AWS access key', pattern: /\b((?:AKIA|ASIA)[A-Z2-7]{16})\b/g },
  {
    name: 'AWS secret key',
    pattern: /aws_?secret_?(?:access_?)?key["']?\s{0,5}[:=]\s{0,5}["']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
  },
  { name: 'GitHub token', pattern: /\b(gh[opsur]_[A-Za-z0-9]{36,255})\b/g },
  { name: 'GitHub token', pattern: /\b(github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b/g },
  { name: 'GitLab token', pattern: /\b(glpat-[A-Za-z0-9_-]{20,})/g },
  { name: 'npm token', pattern: /\b(npm_[A-Za-z0-9]{36})\b/g },
  { name: 'Slack token', pattern: /\b(xox[abeprs]-[A-Za-z0-9-]{20,250})/g },
  { name: 'Stripe key', pattern: /\b([rs]k_live_[A-Za-z0-9]{20,})\b/g },
  { name: 'Google API key', pattern: /\b(AIza[A-Za-z0-9_-]{35})(?![A-Za-z0-9_-])/g },
  {
    name: 'API key',
    pattern: /(?<![A-Za-z0-9])(sk-(?:proj-|ant-[a-z0-9]{3,10}-|or-v1-|svcacct-)?[A-Za-z0-9_-]{32,300})/g,
    confirm: isMixed,
  },
  { name: 'Azure storage key', pattern: /AccountKey\s{0,3}=\s{0,3}([A-Za-z0-9+/]{86}==)/gi },
  {
    name: 'Azure storage key',
    pattern: /(?:account|storage|azure|shared)[A-Za-z_-]{0,20}key["']?\s{0,5}[:=]\s{0,5}["']?([A-Za-z0-9+/]{86}==)/gi,
    confirm: isMixed,
  },
  { name: 'Azure SAS signature', pattern: /[?&]sig=([A-Za-z0-9%+/]{43,80}(?:%3[Dd]|=))/g },
  {
    name: 'JSON web token',
    pattern: /\b(eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{43,1000})(?![A-Za-z0-9_-])/g,
    confirm: isLastingToken,
  },
  {
    name: 'password in an address',
    pattern:
      /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'<>{}$]{1,100}:([^\s/@"'<>{}$]{12,200})@(?!localhost|127\.|(?:db|database|postgres|mysql|redis)(?:[:/\s"'`]|$)|[a-z0-9.-]{0,100}example)/gi,
    confirm: isMixed,
  },
];

/** Made-up values that documentation and tests are full of. */
export function isPlaceholder(secret: string): boolean {
  if (
    /example|sample|dummy|placeholder|changeme|change[-_]me|your[-_]?|test[-_]?(?:key|token|secret)|fake|redacted|x{6,}|\*{3,}|\.{3}/i.test(
      secret,
    )
  )
    return true;
  const body = secret.replace(/^[A-Za-z]{2,10}[-_]/, '');
  // A key of few different characters, or one that counts, was typed by hand.
  return new Set(body).size < Math.min(8, body.length / 3) || /0123456789|123456789|abcdefghij/i.test(body);
}

/** Digits and letters of both kinds: words and plain numbers have no such mix. */
function isMixed(secret: string): boolean {
  return /[0-9]/.test(secret) && /[a-z]/.test(secret) && /[A-Z]/.test(secret);
}

/** Tokens in tests are expired, or from the textbook; one that still opens something for a month is a secret. */
function isLastingToken(token: string): boolean {
  const claims: unknown = parseJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  if (claims === null || typeof claims !== 'object') return false;
  // The sub of the token that jwt.io shows.
  if ('sub' in claims && claims.sub === '1234567890') return false;
  const expires = 'exp' in claims && typeof claims.exp === 'number' ? claims.exp * 1000 : Infinity;
  return expires > Date.now() && 'iss' in claims;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
