import type { TerminalSize } from '@devfactory/contracts';
import { FitAddon } from '@xterm/addon-fit';
import { Terminal, type ITheme } from '@xterm/xterm';

export interface ScreenWays {
  /** Names it for who does not see it. */
  readonly label: string;
  /** An http address that a program called a link was chosen. */
  readonly onLink: (address: string) => void;
  readonly onType: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly onSize: (size: TerminalSize) => void;
}

export interface Screen {
  readonly size: TerminalSize;
  readonly show: (bytes: Uint8Array, at: { readonly replay: boolean; readonly shown: () => void }) => void;
  readonly reset: () => void;
  readonly focus: () => void;
  /** Types as if by hand. */
  readonly press: (keys: string) => void;
  readonly dispose: () => void;
}

/** Readable on paper as on ink; what a program chooses itself is brought to enough contrast besides. */
const inks: Record<'light' | 'dark', ITheme> = {
  light: {
    black: '#1f2733',
    red: '#b3261e',
    green: '#1a6b3c',
    yellow: '#7d5700',
    blue: '#2850b8',
    magenta: '#8a2a86',
    cyan: '#0b6b7a',
    white: '#5b6470',
    brightBlack: '#5b6470',
    brightRed: '#c9372c',
    brightGreen: '#1f7f48',
    brightYellow: '#8f6500',
    brightBlue: '#3a63d0',
    brightMagenta: '#a33a9e',
    brightCyan: '#0f7d8e',
    brightWhite: '#1f2733',
  },
  dark: {
    black: '#2b3442',
    red: '#f08a80',
    green: '#7fd39b',
    yellow: '#e3c07a',
    blue: '#8fb0ff',
    magenta: '#dd9ad8',
    cyan: '#7fd0dd',
    white: '#d5d9e0',
    brightBlack: '#8b95a5',
    brightRed: '#ffa79e',
    brightGreen: '#9ee8b7',
    brightYellow: '#f5d795',
    brightBlue: '#adc6ff',
    brightMagenta: '#f0b3eb',
    brightCyan: '#9fe6f1',
    brightWhite: '#f4f6f9',
  },
};

/**
 * xterm in a place of the page. What a program writes can colour and move text and nothing else: no clipboard, no window, no title, and a
 * link only after a question.
 */
export function makeScreen(place: HTMLElement, ways: ScreenWays): Screen {
  const terminal = new Terminal({
    fontFamily: "'Geist Mono Variable', ui-monospace, monospace",
    fontSize: 12.5,
    lineHeight: 1.25,
    scrollback: 5_000,
    minimumContrastRatio: 4.5,
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    macOptionIsMeta: true,
    linkHandler: { activate: (_event, address) => ways.onLink(address) },
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  const paint = (): void => {
    terminal.options.theme = pageTheme();
  };
  paint();
  terminal.open(place);
  terminal.textarea?.setAttribute('aria-label', ways.label);
  fit.fit();
  let replays = 0;
  const encoder = new TextEncoder();
  const send = (text: string): void => {
    // What is replayed asks for things (where is the cursor?) that were answered when it was new.
    if (replays === 0) ways.onType(encoder.encode(text));
  };
  terminal.onData(send);
  terminal.onBinary((text) => replays === 0 && ways.onType(Uint8Array.from(text, (char) => char.charCodeAt(0))));
  terminal.onResize((size) => ways.onSize(size));
  terminal.attachCustomKeyEventHandler((event) => ownKey(event, terminal));
  const watch = new ResizeObserver(() => fit.fit());
  watch.observe(place);
  const themes = new MutationObserver(paint);
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return {
    size: { cols: terminal.cols, rows: terminal.rows },
    show: (bytes, { replay, shown }) => {
      if (replay) replays++;
      terminal.write(bytes, () => {
        if (replay) replays--;
        shown();
      });
    },
    reset: () => terminal.reset(),
    focus: () => terminal.focus(),
    press: (keys) => {
      terminal.focus();
      send(keys);
    },
    dispose: () => {
      watch.disconnect();
      themes.disconnect();
      terminal.dispose();
    },
  };
}

/** False for keys that are the page's and not the shell's. */
function ownKey(event: KeyboardEvent, terminal: Terminal): boolean {
  if (event.key === 'Escape' && event.shiftKey) {
    // The way out of a place that takes Tab for itself.
    if (event.type === 'keydown')
      document.querySelector<HTMLElement>('[aria-label="Terminals"] [role=tab][aria-selected=true]')?.focus();
    return false;
  }
  const copies = event.ctrlKey && event.key.toLowerCase() === 'c' && terminal.hasSelection();
  if (!copies) return true;
  event.preventDefault();
  if (event.type === 'keydown') {
    void navigator.clipboard.writeText(terminal.getSelection());
    terminal.clearSelection();
  }
  return false;
}

function pageTheme(): ITheme {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const isDark = document.documentElement.dataset['theme'] === 'dark';
  return {
    ...inks[isDark ? 'dark' : 'light'],
    background: colour('--sunk'),
    foreground: colour('--ink'),
    cursor: colour('--accent'),
    cursorAccent: colour('--sunk'),
    selectionBackground: colour('--accent-wash'),
  };
}
