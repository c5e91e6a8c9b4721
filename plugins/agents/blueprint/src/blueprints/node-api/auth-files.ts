import type { Auth, Model, ProjectFile } from '../../model/model.ts';

/** Accounts with hashed passwords, and JSON Web Tokens that show who is asking. Node's own crypto is all they need. */
export function authFiles(model: Model): ProjectFile[] {
  if (!model.auth) return [];
  return [
    { path: 'src/auth/passwords.ts', content: passwords },
    { path: 'src/auth/accounts.ts', content: accounts(model.auth) },
    { path: 'src/auth/tokens.ts', content: tokens },
    { path: 'src/auth/guard.ts', content: guard },
    { path: 'src/auth/routes.ts', content: routes(model.auth) },
  ];
}

const passwords = `import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const saltBytes = 16;
const keyBytes = 64;

/** A salted hash of a password: 'scrypt:<salt>:<key>'. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes).toString('hex');
  const key = await derive(password, salt);
  return \`scrypt:\${salt}:\${key.toString('hex')}\`;
}

export async function matchesHash(password: string, hash: string): Promise<boolean> {
  const [, salt = '', stored = ''] = hash.split(':');
  const key = await derive(password, salt);
  const expected = Buffer.from(stored, 'hex');
  return expected.length === key.length && timingSafeEqual(expected, key);
}

function derive(password: string, salt: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, keyBytes, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
`;

const accounts = ({ login }: Auth): string => `import type { DatabaseSync } from 'node:sqlite';
import { conflict } from '../http/errors.ts';
import type { Account } from '../http/router.ts';
import { hashPassword, matchesHash } from './passwords.ts';

/** Accounts: stored with a salted hash, never with the password. */
export class Accounts {
  readonly #database: DatabaseSync;
  #nobodysHash: Promise<string> | undefined;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  async create(${login}: string, password: string): Promise<Account> {
    const hash = await hashPassword(password);
    if (this.#row(${login})) throw conflict('This ${login} is registered already.');
    const sql = 'INSERT INTO "auth_accounts" ("${login}", "password_hash") VALUES (?, ?)';
    const { lastInsertRowid } = this.#database.prepare(sql).run(${login}, hash);
    return { id: Number(lastInsertRowid), ${login} };
  }

  /** The account that ${login} and password belong to. */
  async verify(${login}: string, password: string): Promise<Account | null> {
    const row = this.#row(${login});
    // An unknown ${login} costs as much time as a wrong password, and so tells nothing.
    this.#nobodysHash ??= hashPassword('nobody');
    const hash = row ? String(row['password_hash']) : await this.#nobodysHash;
    const matches = await matchesHash(password, hash);
    return row && matches ? { id: Number(row['id']), ${login} } : null;
  }

  find(id: number): Account | null {
    const row = this.#database.prepare('SELECT * FROM "auth_accounts" WHERE "id" = ?').get(id);
    return row ? { id, ${login}: String(row['${login}']) } : null;
  }

  #row(${login}: string): Record<string, unknown> | undefined {
    return this.#database.prepare('SELECT * FROM "auth_accounts" WHERE "${login}" = ?').get(${login});
  }
}
`;

const tokens = `import { createHmac, timingSafeEqual } from 'node:crypto';
import { unauthorized } from '../http/errors.ts';
import type { Account } from '../http/router.ts';
import type { Accounts } from './accounts.ts';

export interface TokenSettings {
  readonly jwtSecret: string;
  readonly jwtSeconds: number;
}

const header = encode({ alg: 'HS256', typ: 'JWT' });

/** JSON Web Tokens, signed with HMAC-SHA256. */
export class Tokens {
  readonly #accounts: Accounts;
  readonly #settings: TokenSettings;

  constructor(accounts: Accounts, settings: TokenSettings) {
    this.#accounts = accounts;
    this.#settings = settings;
  }

  get seconds(): number {
    return this.#settings.jwtSeconds;
  }

  issue(account: Account): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = encode({ sub: String(account.id), iat: now, exp: now + this.seconds });
    const signed = \`\${header}.\${claims}\`;
    return \`\${signed}.\${this.#sign(signed).toString('base64url')}\`;
  }

  /** Whose token it is. Throws a 401 for anything but a valid one. */
  accountOf(authorization: string | undefined): Account {
    const token = /^Bearer +(\\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw unauthorized("Send a token: 'Authorization: Bearer <token>'.");
    const account = this.#accountIn(token);
    if (!account) throw unauthorized('The token is not valid or has expired.');
    return account;
  }

  #accountIn(token: string): Account | null {
    const [head = '', claims = '', signature = '', ...more] = token.split('.');
    // Only the header that is issued here is taken: no token chooses its own algorithm.
    if (head !== header || more.length > 0 || !this.#isSigned(\`\${head}.\${claims}\`, signature)) return null;
    const { sub, exp } = decode(claims);
    const isFresh = typeof exp === 'number' && exp > Date.now() / 1000;
    return isFresh && typeof sub === 'string' ? this.#accounts.find(Number(sub)) : null;
  }

  #isSigned(text: string, signature: string): boolean {
    const expected = this.#sign(text).toString('base64url');
    return expected.length === signature.length && timingSafeEqual(Buffer.from(expected), Buffer.from(signature));
  }

  #sign(text: string): Buffer {
    return createHmac('sha256', this.#settings.jwtSecret).update(text).digest();
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(text: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Record<string, unknown>;
}
`;

const guard = `import type { Route } from '../http/router.ts';
import type { Tokens } from './tokens.ts';

/** The same routes, for requests with a valid token alone. */
export function guard(tokens: Tokens, routes: readonly Route[]): Route[] {
  return routes.map((route) => ({
    ...route,
    handle: (request) => {
      const account = tokens.accountOf(request.message.headers.authorization);
      return route.handle({ ...request, account });
    },
  }));
}
`;

const routes = ({ login, path }: Auth): string => `import { readObject, type JsonObject } from '../http/body.ts';
import { invalidInput, unauthorized } from '../http/errors.ts';
import type { Route } from '../http/router.ts';
import type { Accounts } from './accounts.ts';
import { guard } from './guard.ts';
import type { Tokens } from './tokens.ts';

interface Credentials {
  readonly ${login}: string;
  readonly password: string;
}

const shortestPassword = 8;
const longestPassword = 128;

/** Registering, logging in, and asking who one is. */
export function authRoutes(accounts: Accounts, tokens: Tokens): Route[] {
  return [
    {
      method: 'POST',
      path: '${path}/register',
      handle: async ({ message }) => {
        const credentials = readCredentials(await readObject(message));
        refuseBad(credentials);
        return { status: 201, body: await accounts.create(credentials.${login}, credentials.password) };
      },
    },
    {
      method: 'POST',
      path: '${path}/login',
      handle: async ({ message }) => {
        const { ${login}, password } = readCredentials(await readObject(message));
        const account = await accounts.verify(${login}, password);
        if (!account) throw unauthorized('${login === 'email' ? 'E-mail' : 'User name'} or password is wrong.');
        const token = { access_token: tokens.issue(account), token_type: 'Bearer', expires_in: tokens.seconds };
        return { status: 200, body: token };
      },
    },
    ...guard(tokens, [
      {
        method: 'GET',
        path: '${path}/me',
        handle: ({ account }) => ({ status: 200, body: account }),
      },
    ]),
  ];
}

function readCredentials(body: JsonObject): Credentials {
  const { ${login}, password } = body;
  if (isText(${login}) && isText(password)) return { ${login}: ${login}.trim()${login === 'email' ? '.toLowerCase()' : ''}, password };
  const wrong = Object.entries({ ${login}, password }).filter(([, value]) => !isText(value));
  throw invalidInput(Object.fromEntries(wrong.map(([name]) => [name, 'is required and must be a text'])));
}

function refuseBad({ ${login}, password }: Credentials): void {
  const problems: Record<string, string> = {};
${login === 'email' ? emailProblem : usernameProblem}
  if (password.length < shortestPassword || password.length > longestPassword) {
    problems['password'] = \`must have \${shortestPassword} to \${longestPassword} characters\`;
  }
  if (Object.keys(problems).length > 0) throw invalidInput(problems);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed();
}
`;

const emailProblem = `  if (!/^[^@\\s]+@[^@\\s]+\\.[^@\\s.]+$/.test(email) || email.length > 254) {
    problems['email'] = 'must be an e-mail address';
  }`;
const usernameProblem = `  if (username.length < 3 || username.length > 50) problems['username'] = 'must have 3 to 50 characters';`;
