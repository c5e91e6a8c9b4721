import { setTimeout as pause } from 'node:timers/promises';
import { DomainError, type BackgroundProcess, type Workspace } from '@devfactory/kit';
import { DevTools } from './devtools.ts';
import { Page, type PageSize } from './page.ts';

const socket = '/tmp/browser.sock';
/** As Debian lays it out, and by name. */
const programs = ['/usr/lib/chromium/chromium', 'chromium', 'chromium-browser'];
const fix = 'sudo apt-get install -y chromium';
const startMs = 30_000;
const pollMs = 20;
/** A program that is not there says so at once; a large one may take long to be read on a busy machine. */
const lookMs = 60_000;

/**
 * The wall is the sandbox around it, which allows no namespaces of its own (--no-sandbox). All it can reach is the door, and behind it the
 * app's loopback: names go there unresolved, and loopback does too.
 */
const flags = [
  '--headless=new',
  '--no-sandbox',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-extensions',
  '--disable-sync',
  '--mute-audio',
  '--force-color-profile=srgb',
  '--font-render-hinting=none',
  '--hide-scrollbars',
  '--user-data-dir=/tmp/browser-profile',
  '--proxy-bypass-list=<-loopback>',
  '--remote-debugging-pipe',
];

/** Runs inside: joins a unix socket with the browser's pipes, and ends with the browser. */
const bridge = `
const [socket, program, ...args] = process.argv.slice(1);
const browser = require('node:child_process').spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'] });
browser.on('exit', () => process.exit(1)).on('error', () => process.exit(1));
require('node:net').createServer((one) => {
  one.on('error', () => process.exit(1));
  one.pipe(browser.stdio[3]);
  browser.stdio[4].pipe(one);
}).listen(socket);
`;

export interface FoundBrowser {
  /** The program's own words on its version; null where sandboxes have none. */
  readonly found: string | null;
  /** The command that brings it. */
  readonly fix: string;
}

/** Which browser a sandbox has. */
export async function findBrowser(
  workspace: Pick<Workspace, 'exec'>,
): Promise<FoundBrowser & { readonly program: string }> {
  for (const program of programs) {
    const { exitCode, stdout } = await workspace
      .exec({ argv: [program, '--version'], timeoutMs: lookMs })
      .catch(nothing);
    if (exitCode === 0) return { program, found: stdout.trim().slice(0, 200), fix };
  }
  return { program: '', found: null, fix };
}

/** A program that is not there is no exit code. A sandbox that is gone is. */
function nothing(error: unknown): { readonly exitCode: null; readonly stdout: string } {
  if (error instanceof DomainError && error.code !== 'workspace_gone') return { exitCode: null, stdout: '' };
  throw error;
}

/** Chromium in a sandbox that holds nothing else. Whoever opened the sandbox closes it. */
export class Browser {
  readonly #process: BackgroundProcess;
  readonly #devtools: DevTools;

  private constructor(process: BackgroundProcess, devtools: DevTools) {
    this.#process = process;
    this.#devtools = devtools;
  }

  /**
   * Starts it in a sandbox whose `models` is a `loopbackDoor`. Throws DomainError no_browser, which says what mends it, browser_gone,
   * and what the sandbox throws.
   */
  static async start(workspace: Workspace): Promise<Browser> {
    const { program, found } = await findBrowser(workspace);
    if (found === null)
      throw new DomainError('no_browser', 'unavailable', {
        message: `This machine has no Chromium. Install with: ${fix}`,
      });
    const proxy = `--proxy-server=socks5://${new URL(workspace.modelsUrl ?? '').host}`;
    const process = await workspace.start({
      argv: ['node', '-e', bridge, socket, program, ...flags, proxy],
      timeoutMs: 3_600_000,
      outputBytes: 64 * 1024,
    });
    return new Browser(process, new DevTools(await connected(workspace, process)));
  }

  openPage(size: PageSize): Promise<Page> {
    return Page.open(this.#devtools, size);
  }

  async close(): Promise<void> {
    this.#devtools.close();
    await this.#process.kill();
  }
}

async function connected(workspace: Workspace, process: BackgroundProcess) {
  const end = performance.now() + startMs;
  let isOver = false;
  void process.exited.then(
    () => (isOver = true),
    () => (isOver = true),
  );
  while (!isOver && performance.now() < end) {
    try {
      return await workspace.connect({ socket });
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'port_closed') throw error;
    }
    await pause(pollMs);
  }
  throw new DomainError('browser_gone', 'unavailable', {
    message: `Chromium did not start: ${process.output().slice(-500)}`,
  });
}
