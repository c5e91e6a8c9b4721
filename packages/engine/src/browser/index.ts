export { Browser, findBrowser } from './browser.ts';
export { RefusedByBrowser } from './devtools.ts';
export { loopbackDoor } from './loopback-door.ts';
export type { Page } from './page.ts';
export { takeScreenshot } from './take-screenshot.ts';
