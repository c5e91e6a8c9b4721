import { setTimeout as pause } from 'node:timers/promises';
import type { BrowserCheck, BrowserStep, BrowserTarget, Screenshot } from '@devfactory/contracts';
import { type BlobStore, DomainError } from '@devfactory/kit';
import { Browser, loopbackDoor, RefusedByBrowser, type Page } from '../../browser/index.ts';
import type { CheckLog } from '../log.ts';
import { failed, inconclusive, type Outcome, passed } from '../outcome.ts';
import { appUnder, noApp, startApp } from './app-under-check.ts';
import type { App } from './app.ts';
import { looksWrong } from './browser-look.ts';
import { Clock, type Execution } from './execution.ts';
import { fillPath, fillText, uniqueWord } from './template.ts';

const usualSize = { width: 1280, height: 800 };
/** How long what is to be seen may take to come: no longer than this, nor than a part of the check's time. */
const patienceMs = 10_000;
const patiencePart = 4;
const lookEveryMs = 100;
const mostScreenshots = 20;

interface Sitting {
  readonly app: App;
  readonly page: Page;
  readonly clock: Clock;
  /** Milliseconds that one look may wait. */
  readonly patience: number;
  readonly log: CheckLog;
  readonly blobs: BlobStore;
  readonly saved: ReadonlyMap<string, unknown>;
  /** What was done so far, for people. */
  readonly lines: string[];
  readonly screenshots: Screenshot[];
}

/**
 * Starts the app in a sandbox and uses it with a browser in another one. What is seen is judged on the host; scripts of the page see
 * neither the browser's own world nor this.
 */
export async function browserCheck(execution: Execution<BrowserCheck>): Promise<Outcome> {
  const { verifying, check, spec, sandbox, log } = execution;
  const app = await appUnder(execution);
  if (!app) return noApp();
  const room = `${sandbox}b`;
  try {
    const looking = await verifying.sandboxes.open(room, { models: loopbackDoor(app.workspace) });
    const browser = await Browser.start(looking);
    // Counted from here: a browser's start says nothing about the app.
    const clock = new Clock(check.timeoutMs);
    const lines: string[] = [];
    const notStarted = await startApp(app, { clock, lines }, verifying.signal);
    if (notStarted) return notStarted;
    const page = await browser.openPage(spec.size ?? usualSize);
    const saved = new Map([['unique', uniqueWord()]]);
    const { blobs } = verifying.deps;
    const patience = Math.min(patienceMs, check.timeoutMs / patiencePart);
    const sitting: Sitting = { app, page, clock, patience, log, blobs, saved, lines, screenshots: [] };
    return await sit(sitting, spec.steps, verifying.signal);
  } catch (error) {
    if (verifying.signal.aborted || !(error instanceof DomainError) || error.code !== 'no_browser') throw error;
    return inconclusive({ command: 'start a browser', excerpt: error.message });
  } finally {
    log.line(`--- the app's output\n${app.output()}`);
    await verifying.sandboxes.remove(room);
  }
}

async function sit(sitting: Sitting, steps: readonly BrowserStep[], signal: AbortSignal): Promise<Outcome> {
  const { lines, log, page, screenshots } = sitting;
  for (const step of steps) {
    signal.throwIfAborted();
    log.line(`> ${wordsOf(step, sitting.saved)}`);
    const trouble = await take(sitting, step, signal);
    if (!trouble) continue;
    await shoot(sitting, 'at the failure', signal).catch(notShot(sitting, signal));
    for (const said of page.dialogs) log.line(`A dialog was answered with OK: ${said}`);
    return { ...trouble, ...(screenshots.length === 0 ? {} : { screenshots }) };
  }
  if (screenshots.length === 0) await shoot(sitting, 'at the end', signal);
  await sitting.app.stop();
  return passed({ command: lines.join('; '), excerpt: lines.join('\n'), screenshots });
}

/** A page that cannot be shown any more is no reason to forget what was wrong with it. */
function notShot({ log }: Sitting, signal: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (signal.aborted || !(error instanceof DomainError || error instanceof RefusedByBrowser)) throw error;
    log.line(`No screenshot: ${error.message}`);
  };
}

/** Null, or what is wrong. What a page does to its browser is the page's doing. */
async function take(sitting: Sitting, step: BrowserStep, signal: AbortSignal): Promise<Outcome | null> {
  const { lines, clock, app } = sitting;
  const line = wordsOf(step, sitting.saved);
  try {
    const wrong = await act(sitting, step, signal);
    if (wrong === null) {
      if (step.do !== 'open') lines.push(line);
      return null;
    }
    if (typeof wrong !== 'string') return wrong;
    const excerpt = `${line}\n${wrong}\n${app.output().slice(-1000)}`;
    return failed(clock.left() === 0 ? 'timeout' : 'assertion', { command: [...lines, line].join('; '), excerpt });
  } catch (error) {
    const isPage = error instanceof RefusedByBrowser || (error instanceof DomainError && pageFaults.has(error.code));
    if (signal.aborted || !isPage) throw error;
    const cause = clock.left() === 0 || isWaiting(error) ? 'timeout' : 'assertion';
    return failed(cause, { command: [...lines, line].join('; '), excerpt: `${line}\n${error.message}` });
  }
}

const pageFaults = new Set(['browser_gone', 'browser_waits', 'no_picture']);

function isWaiting(error: Error): boolean {
  return error instanceof DomainError && error.code === 'browser_waits';
}

/** Null, a sentence about what is wrong, or what came of the whole check. */
async function act(sitting: Sitting, step: BrowserStep, signal: AbortSignal): Promise<string | Outcome | null> {
  const { page, saved, app } = sitting;
  switch (step.do) {
    case 'open':
      return open(sitting, fillPath(step.path, saved), signal);
    case 'click':
      return onTarget(sitting, step.target, async (node) => {
        await page.click(node);
        return null;
      });
    case 'fill':
      return onTarget(sitting, step.target, async (node) =>
        (await page.fill(node, fillText(step.text, saved))) ? null : `There is no choice "${step.text}".`,
      );
    case 'press':
      await page.press(step.key);
      return null;
    case 'see':
    case 'see-not': {
      const wanted = step.text === undefined ? step : { ...step, text: fillText(step.text, saved) };
      return until(sitting, () => looksWrong(page, wanted));
    }
    case 'screenshot':
      return shoot(sitting, step.name, signal);
    case 'restart':
      await app.stop();
      return startApp(app, sitting, signal);
  }
}

async function open({ app, page, clock, lines }: Sitting, path: string, signal: AbortSignal): Promise<string | null> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(Math.max(1, clock.left()))]);
  const answer = await page.goTo(`http://localhost:${app.port}${path}`, inTime);
  lines.push(`open ${path} -> ${'status' in answer ? answer.status : answer.why}`);
  if ('why' in answer) return `The page did not open: ${answer.why}.`;
  return answer.status >= 400 ? `The page opened with status ${answer.status}.` : null;
}

/** Acts on the first visible element of that name, as soon as there is one. */
async function onTarget(
  sitting: Sitting,
  target: BrowserTarget,
  act: (node: number) => Promise<string | null>,
): Promise<string | null> {
  let node: number | undefined;
  const missing = await until(sitting, async () => {
    node = (await sitting.page.seen(target))[0]?.node;
    return node === undefined ? `There is no visible ${targetWords(target)}.` : null;
  });
  return missing ?? (node === undefined ? null : act(node));
}

/** Null as soon as nothing is wrong; else what still is when patience ends. */
async function until({ clock, patience }: Sitting, look: () => Promise<string | null>): Promise<string | null> {
  const end = performance.now() + Math.min(patience, clock.left());
  for (;;) {
    const wrong = await look().catch((error: unknown) => {
      // An element that the page replaced meanwhile, a page that another one takes the place of.
      if (error instanceof RefusedByBrowser) return error.message;
      throw error;
    });
    if (wrong === null || performance.now() > end) return wrong;
    await pause(lookEveryMs);
  }
}

async function shoot({ page, blobs, clock, screenshots }: Sitting, name: string, signal: AbortSignal): Promise<null> {
  if (screenshots.length >= mostScreenshots) return null;
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(Math.max(2000, clock.left()))]);
  const { bytes, width, height } = await page.screenshot(inTime);
  screenshots.push({ name, digest: await blobs.put(bytes), width, height });
  return null;
}

function wordsOf(step: BrowserStep, saved: ReadonlyMap<string, unknown>): string {
  switch (step.do) {
    case 'open':
      return `open ${fillPath(step.path, saved)}`;
    case 'click':
      return `click ${targetWords(step.target)}`;
    case 'fill':
      return `fill ${targetWords(step.target)} with "${fillText(step.text, saved)}"`;
    case 'press':
      return `press ${step.key}`;
    case 'see':
    case 'see-not': {
      const { target, text } = step;
      const count = step.do === 'see' && step.count !== undefined ? `${step.count} × ` : '';
      const what = [target && `${count}${targetWords(target)}`, text !== undefined && `"${fillText(text, saved)}"`];
      return `${step.do === 'see' ? 'see' : 'do not see'} ${what.filter(Boolean).join(' with ')}`;
    }
    case 'screenshot':
      return `screenshot "${step.name}"`;
    case 'restart':
      return 'restart';
  }
}

function targetWords(target: BrowserTarget): string {
  if ('css' in target) return `"${target.css}"`;
  return target.name === undefined ? target.role : `${target.role} "${target.name}"`;
}
