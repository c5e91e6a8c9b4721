import type { BrowserContext } from '@playwright/test';

/** What a page must never do, whatever is shown in it. */
export interface Guard {
  /** What was seen, in words; a test that ends with any of it has failed. */
  readonly faults: readonly string[];
  /** The test brings about a message like this one itself, e.g. by ending the server. */
  readonly expect: (message: RegExp) => void;
  readonly watch: (context: BrowserContext) => void;
}

/** Sees requests to other hosts, errors in the console (a broken content policy is one), uncaught exceptions and dialogs. */
export function createGuard(origin: string): Guard {
  const faults: string[] = [];
  const expected: RegExp[] = [];
  const report = (fault: string): void => {
    if (!expected.some((pattern) => pattern.test(fault))) faults.push(fault);
  };
  return {
    faults,
    expect: (message) => void expected.push(message),
    watch: (context) => {
      context.on('request', (request) => {
        const url = new URL(request.url());
        const local = url.origin === origin || ['data:', 'blob:', 'about:'].includes(url.protocol);
        if (!local) report(`a request to another host: ${request.url()}`);
      });
      context.on('console', (message) => {
        if (message.type() === 'error') report(`console: ${message.text()} (${message.location().url})`);
      });
      context.on('weberror', (error) => report(`uncaught: ${error.error().message}`));
      context.on('dialog', (dialog) => {
        report(`a dialog opened: ${dialog.message()}`);
        void dialog.dismiss();
      });
    },
  };
}
