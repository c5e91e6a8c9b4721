import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

export const views = ['changes', 'files', 'log', 'evidence', 'terminal', 'ide', 'preview'] as const;
export type View = (typeof views)[number];
const panes = ['reqs', 'activity', 'work', 'more'] as const;
export type Pane = (typeof panes)[number];

const devices = ['fit', 'phone', 'tablet', 'desktop'] as const;
export type Device = (typeof devices)[number];

/** Everything one looks at in a run. It lives in the URL, so that a link opens the same thing anywhere. */
export interface RunPlace {
  readonly view?: View;
  /** Which column a narrow window shows. */
  readonly pane?: Pane;
  readonly step?: number;
  /** Checkpoint looked at; the newest when left out. */
  readonly ck?: string;
  /** What changes are counted from: 'start' (when left out), 'step', or a checkpoint. */
  readonly base?: string;
  readonly file?: string;
  /** The file is open to be edited. */
  readonly edit?: true;
  readonly req?: string;
  readonly fails?: true;
  /** The workspace has the whole width. */
  readonly wide?: true;
  readonly find?: string;
  /** The log's search looks into whole outputs too. */
  readonly out?: true;
  /** What the log is narrowed to. */
  readonly kind?: string;
  /** Port that the preview shows; the project's own server when left out. */
  readonly port?: number;
  readonly device?: Device;
}

/** Reads a URL's search; what does not fit is left out. */
export function readRunPlace(raw: Record<string, unknown>): RunPlace {
  const text = (name: string): string | undefined =>
    typeof raw[name] === 'string' && raw[name] !== '' ? raw[name] : undefined;
  const step = Number(raw['step']);
  const port = Number(raw['port']);
  return {
    ...pick(
      'view',
      views.find((view) => view === raw['view']),
    ),
    ...pick(
      'pane',
      panes.find((pane) => pane === raw['pane']),
    ),
    ...pick('step', Number.isInteger(step) && step > 0 ? step : undefined),
    ...pick('ck', matching(text('ck'), /^ck-\d{1,6}$/)),
    ...pick('base', matching(text('base'), /^(?:start|step|ck-\d{1,6})$/)),
    ...pick('file', text('file')),
    ...pick('edit', raw['edit'] === true ? true : undefined),
    ...pick('req', matching(text('req'), /^R-\d{1,4}$/)),
    ...pick('fails', raw['fails'] === true ? true : undefined),
    ...pick('out', raw['out'] === true ? true : undefined),
    ...pick('wide', raw['wide'] === true ? true : undefined),
    ...pick('port', Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined),
    ...pick(
      'device',
      devices.find((device) => device === raw['device']),
    ),
    ...pick('kind', matching(text('kind'), /^[a-z]{1,20}$/)),
    // A search for digits comes back from the URL as a number.
    ...pick('find', typeof raw['find'] === 'number' ? String(raw['find']) : text('find')),
  };
}

type Change = { readonly [K in keyof RunPlace]?: RunPlace[K] | undefined };

/** The place as it is, and a way to another one: what `go` does not name stays as it was, `undefined` takes it out. */
export function useRunPlace(): {
  readonly place: RunPlace;
  readonly go: (change: Change, options?: { readonly replace?: boolean }) => void;
} {
  const place = useSearch({ from: '/runs/$runId' });
  const navigate = useNavigate({ from: '/runs/$runId' });
  const go = useCallback(
    (change: Change, options: { readonly replace?: boolean } = {}) =>
      void navigate({
        search: (now: RunPlace) => readRunPlace({ ...now, ...change }),
        replace: options.replace ?? false,
        resetScroll: false,
      }),
    [navigate],
  );
  return { place, go };
}

function matching(value: string | undefined, pattern: RegExp): string | undefined {
  return value !== undefined && pattern.test(value) ? value : undefined;
}

function pick<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
