import { randomBytes } from 'node:crypto';
import { DomainError, type Workspace, type WorkspaceDriver, type WorkspaceLimits } from '@devfactory/kit';
import { Browser } from './browser.ts';
import { loopbackDoor } from './loopback-door.ts';
import type { PageSize } from './page.ts';
import type { Picture } from './picture.ts';

const mebibyte = 1024 ** 2;
const limits: WorkspaceLimits = {
  memoryBytes: 2048 * mebibyte,
  processes: 256,
  cpus: 2,
  diskBytes: 512 * mebibyte,
  files: 20_000,
  tmpBytes: 256 * mebibyte,
};

const patienceMs = 20_000;

export interface PageLook extends Picture {
  readonly status: number;
  readonly title: string;
  readonly text: string;
}

/**
 * Shows a page of a workspace to a browser in a sandbox that is there for this alone. Throws DomainError no_browser, page_not_shown, and
 * what opening a sandbox throws.
 */
export async function takeScreenshot(
  driver: WorkspaceDriver,
  {
    of,
    port,
    path,
    size,
  }: { readonly of: Workspace; readonly port: number; readonly path: string; readonly size: PageSize },
): Promise<PageLook> {
  const id = `look-${randomBytes(8).toString('hex')}`;
  const room = await driver.open({ id, limits, egress: [], models: loopbackDoor(of) });
  try {
    const page = await (await Browser.start(room)).openPage(size);
    // A browser's start says nothing about the page.
    const signal = AbortSignal.timeout(patienceMs);
    const answer = await page.goTo(`http://localhost:${port}${path}`, signal);
    if ('why' in answer) throw notShown(answer.why);
    const picture = await page.screenshot(signal);
    return { ...picture, status: answer.status, ...(await page.words()) };
  } catch (error) {
    if (error instanceof DomainError && error.code === 'browser_waits') throw notShown(error.message);
    throw error;
  } finally {
    await room.close();
    await driver.remove(id);
  }
}

function notShown(why: string): DomainError {
  return new DomainError('page_not_shown', 'unavailable', { message: `The page could not be shown: ${why}` });
}
