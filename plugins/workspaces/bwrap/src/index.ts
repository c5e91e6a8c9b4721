export { createBwrapDriver } from './driver.ts';
export type { BwrapOptions } from './options.ts';
