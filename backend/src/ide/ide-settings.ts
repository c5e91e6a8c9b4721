/** Where VS Code keeps its things in a sandbox: the workspace's home, so that they are there the next time. */
export const ideHome = '/home/dev/.local/share/devfactory-ide';
/** What the factory tells VS Code of the run. */
export const ideTold = `${ideHome}/told.json`;
export const ideSocket = '/tmp/devfactory-ide.sock';

/** A person's settings as VS Code begins with them. Written anew at each start: nothing in a repository or by an agent stands above them for long. */
export const ideSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'workbench.settings.enableNaturalLanguageSearch': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  // What a repository says shall run when it is opened does not.
  'task.allowAutomaticTasks': 'off',
  'json.schemaDownload.enable': false,
  'git.autofetch': false,
  'git.terminalAuthentication': false,
  'npm.fetchOnlinePackageInfo': false,
  'typescript.disableAutomaticTypeAcquisition': true,
  'files.autoSave': 'afterDelay',
  'files.autoSaveDelay': 500,
  'remote.autoForwardPorts': false,
  'security.workspace.trust.enabled': false,
} as const;

/** Where code-server begins, as sandboxes see it. */
function ideProgram(bundle: string): string {
  return `/opt/ide/${bundle}/server/node_modules/code-server/out/node/entry.js`;
}

/** Node small rather than fast: most of the time it waits for a person. Given as words, since NODE_OPTIONS would reach what a person starts. */
const smallNode = ['node', '--max-semi-space-size=1', '--optimize-for-size', '--single-threaded-gc'];

/** The command line of code-server, whose programs are below /opt/ide. */
export function ideCommand(bundle: string, idleSeconds: number): string[] {
  return [
    ...smallNode,
    ideProgram(bundle),
    '--auth',
    'none',
    '--socket',
    ideSocket,
    '--socket-mode',
    '600',
    '--config',
    '/dev/null',
    '--user-data-dir',
    ideHome,
    '--extensions-dir',
    `${ideHome}/extensions`,
    '--disable-proxy',
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-workspace-trust',
    '--disable-getting-started-override',
    '--ignore-last-opened',
    '--app-name',
    'AI DevFactory',
    '--idle-timeout-seconds',
    String(Math.max(60, Math.round(idleSeconds))),
    '/workspace',
  ];
}

/** No gallery and no calls out; the settings' counterpart for what is read before them. */
export const ideEnvironment = {
  EXTENSIONS_GALLERY: '{"serviceUrl":""}',
  VSCODE_DISABLE_CRASH_REPORTER: '1',
  NODE_OPTIONS: '',
  DEVFACTORY_TOLD: ideTold,
} as const;
