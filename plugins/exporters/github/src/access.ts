import { sign } from 'node:crypto';
import { DomainError, redactor } from '@devfactory/kit';
import { z } from 'zod';
import { GitHubApi } from './github-api.ts';
import { readSetUp, type GitHubApp, type GitHubSettings } from './settings.ts';

/** What a delivery does things with: a token's, or an app's installation in one repository. */
export interface Access {
  readonly settings: GitHubSettings;
  /** Takes what opens the door out of texts of others. */
  readonly redact: (text: string) => string;
  readonly api: GitHubApi;
  /** Null where only GitHub knows. */
  readonly mayWriteWorkflows: boolean | null;
}

interface Asking {
  readonly repository: string;
  readonly signal: AbortSignal;
  readonly retryMs: number;
}

interface Installed {
  readonly token: string;
  readonly until: number;
  readonly mayWriteWorkflows: boolean;
}

/** All that deliveries, listening to them and answers to issues need, of what the app was granted; what was granted for reading alone is asked for that. */
const wanted: Readonly<Record<string, 'read' | 'write'>> = {
  metadata: 'read',
  contents: 'write',
  pull_requests: 'write',
  checks: 'write',
  statuses: 'write',
  issues: 'write',
  workflows: 'write',
};
const Permissions = z.record(z.string(), z.string());
const Installation = z.object({ id: z.int().positive(), permissions: Permissions });
const Token = z.object({
  token: z.string().regex(/^[\x21-\x7e]{8,1000}$/),
  expires_at: z.string(),
  permissions: Permissions.optional(),
});
const renewMs = 10 * 60_000;

/** Opens repositories by what the server is set up with. Tokens of an app are for one repository, are kept in memory, and end within the hour. */
export class Door {
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #installed = new Map<string, Installed>();

  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#environment = environment;
  }

  /** Throws invalid_destination, github_*. */
  async open(asking: Asking): Promise<Access> {
    const { app, token, ...place } = readSetUp(this.#environment);
    if (!app) return access({ ...place, token }, { asking, mayWriteWorkflows: null });
    const known = this.#installed.get(asking.repository.toLowerCase());
    const fresh = known && known.until - renewMs > Date.now() ? known : await this.#install({ ...place, app }, asking);
    const { mayWriteWorkflows } = fresh;
    return access({ ...place, token: fresh.token }, { asking, mayWriteWorkflows });
  }

  async #install(
    { app, ...place }: Omit<GitHubSettings, 'token'> & { readonly app: GitHubApp },
    asking: Asking,
  ): Promise<Installed> {
    const { api } = access({ ...place, token: jwtOf(app) }, { asking, mayWriteWorkflows: null });
    const [, name = ''] = asking.repository.split('/');
    try {
      const { data } = await api.call({
        method: 'GET',
        path: `/repos/${asking.repository}/installation`,
        schema: Installation,
      });
      const granted = Object.entries(wanted).flatMap(([right, level]) => {
        const has = data.permissions[right];
        const asked: [string, string] = [right, level === 'read' ? level : (has ?? level)];
        return has === 'read' || has === 'write' ? [asked] : [];
      });
      const made = await api.call({
        method: 'POST',
        path: `/app/installations/${data.id}/access_tokens`,
        body: { repositories: [name], permissions: Object.fromEntries<string>(granted) },
        schema: Token,
        repeatable: true,
      });
      const { token, expires_at, permissions = {} } = made.data;
      const until = Date.parse(expires_at);
      const installed = { token, until, mayWriteWorkflows: permissions['workflows'] === 'write' };
      if (Number.isFinite(until)) this.#installed.set(asking.repository.toLowerCase(), installed);
      return installed;
    } catch (error) {
      throw explain(error, asking.repository);
    }
  }
}

function access(
  settings: GitHubSettings,
  { asking, mayWriteWorkflows }: { readonly asking: Asking; readonly mayWriteWorkflows: boolean | null },
): Access {
  const { signal, retryMs } = asking;
  const redact = redactor([settings.token, Buffer.from(`x-access-token:${settings.token}`).toString('base64')]);
  return { settings, redact, mayWriteWorkflows, api: new GitHubApi({ settings, redact, signal, retryMs }) };
}

/** Nine minutes, begun a minute ago: GitHub takes ten, and clocks differ. */
function jwtOf({ id, key }: GitHubApp): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iat: now - 60, exp: now + 480, iss: id })}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

function explain(error: unknown, repository: string): unknown {
  if (!(error instanceof DomainError)) return error;
  if (error.code === 'github_missing')
    return new DomainError('github_app_not_installed', 'forbidden', {
      message: `The app is not installed in ${repository}, or the repository is not there; an app makes none. Install it there, then try again.`,
      cause: error,
    });
  if (error.code === 'github_token_refused')
    return new DomainError('github_app_refused', 'forbidden', {
      message:
        'GitHub does not take the app’s key: check DEVFACTORY_GITHUB_APP_ID, DEVFACTORY_GITHUB_APP_KEY_FILE and the clock of this machine.',
      cause: error,
    });
  return error;
}
