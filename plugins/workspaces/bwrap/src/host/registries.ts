import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicRegistries } from '@devfactory/kit';

type Env = Readonly<Record<string, string | undefined>>;

/** Where the host's own package managers look, for those inside. */
export interface RegistrySettings {
  readonly env: Readonly<Record<string, string>>;
  /** Hosts to be reached instead of, or beside, a public registry. */
  readonly hostsInstead: readonly { readonly of: string; readonly host: string }[];
  /** Settings that were not passed on, in words. */
  readonly withheld: readonly string[];
}

interface Setting {
  readonly variable: string;
  readonly registry: string;
  readonly value: string | undefined;
}

/** Reads the host's settings of pip and npm, and passes on those that hold no credentials. */
export function hostRegistries(env: Env): RegistrySettings {
  const pip = readIni(pipFiles(env));
  const npm = readIni(npmFiles(env));
  const settings: Setting[] = [
    {
      variable: 'PIP_INDEX_URL',
      registry: publicRegistries.python,
      value: env['PIP_INDEX_URL'] ?? pip.get('index-url'),
    },
    {
      variable: 'PIP_EXTRA_INDEX_URL',
      registry: publicRegistries.python,
      value: env['PIP_EXTRA_INDEX_URL'] ?? pip.get('extra-index-url'),
    },
    {
      variable: 'npm_config_registry',
      registry: publicRegistries.npm,
      value: env['npm_config_registry'] ?? env['NPM_CONFIG_REGISTRY'] ?? npm.get('registry'),
    },
    { variable: 'GOPROXY', registry: publicRegistries.go, value: env['GOPROXY'] },
    { variable: 'DEVFACTORY_MAVEN_MIRROR', registry: publicRegistries.maven, value: mavenMirror(env) },
  ];
  const passed = settings.flatMap((setting) => urlsOf(setting));
  const open = passed.filter(({ url }) => url.username === '' && url.password === '');
  const closed = passed.filter((each) => !open.includes(each)).map(({ setting }) => setting.variable);
  return {
    env: {
      ...Object.fromEntries(
        open
          .filter(({ setting }) => !closed.includes(setting.variable))
          .map(({ setting }) => [setting.variable, setting.value ?? '']),
      ),
      ...harmless('PIP_TRUSTED_HOST', env['PIP_TRUSTED_HOST'] ?? pip.get('trusted-host'), /^[\w.:\s-]+$/),
      ...harmless('GOSUMDB', env['GOSUMDB'], /^off$/),
      ...harmless('GONOSUMDB', env['GONOSUMDB'], /^[\w.*,/-]+$/),
      ...harmless('PIP_DEFAULT_TIMEOUT', env['PIP_DEFAULT_TIMEOUT'] ?? pip.get('timeout'), /^\d+$/),
    },
    hostsInstead: open.map(({ setting, url }) => ({
      of: setting.registry,
      host: url.port === '' ? url.hostname : url.host,
    })),
    withheld: [...new Set(closed)].map(
      (name) => `${name} of this machine holds a password and is not passed on to sandboxes.`,
    ),
  };
}

function harmless(name: string, value: string | undefined, shape: RegExp): Record<string, string> {
  return value !== undefined && shape.test(value) ? { [name]: value } : {};
}

function urlsOf(setting: Setting): { setting: Setting; url: URL }[] {
  return (setting.value ?? '')
    .split(/[\s,|]+/)
    .flatMap((text) => (URL.canParse(text) ? [new URL(text)] : []))
    .filter((url) => url.protocol === 'https:' || url.protocol === 'http:')
    .map((url) => ({ setting, url }));
}

function pipFiles(env: Env): string[] {
  const home = env['HOME'] ?? '/root';
  const own = [
    join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'pip/pip.conf'),
    join(home, '.pip/pip.conf'),
    env['PIP_CONFIG_FILE'] ?? '',
  ];
  return ['/etc/pip.conf', ...own];
}

/** The machine's own mirror of Maven Central, from its user's settings; those with a password lie in another part of them. */
function mavenMirror(env: Env): string | undefined {
  const settings = readLines(join(env['HOME'] ?? '/root', '.m2/settings.xml')).join('\n');
  const mirrors = settings.replaceAll(/<!--[\s\S]*?-->/g, '').match(/<mirror>[\s\S]*?<\/mirror>/g) ?? [];
  const central = mirrors.find((mirror) => /<mirrorOf>\s*(?:central|\*|external:\*)/.test(mirror));
  return central?.match(/<url>\s*([^<\s]+)\s*<\/url>/)?.[1];
}

function npmFiles(env: Env): string[] {
  return ['/etc/npmrc', env['npm_config_userconfig'] ?? join(env['HOME'] ?? '/root', '.npmrc')];
}

/** Keys and values of the files, the last one counts. Sections do not matter for what is asked. */
function readIni(paths: readonly string[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const path of paths) {
    for (const line of readLines(path)) {
      const [, key, value] = /^\s*([^#;=[\]]+?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      if (key !== undefined && value !== undefined) values.set(key.toLowerCase(), value);
    }
  }
  return values;
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}
