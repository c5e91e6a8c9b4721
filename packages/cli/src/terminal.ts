/** Colours by what they mean; plain text where colours are not wanted. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly attention: (text: string) => string;
  readonly quiet: (text: string) => string;
  readonly strong: (text: string) => string;
}

/** Where a command speaks: results on `out` (stdout), everything else on `talk` (stderr). One call is one line or block. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly talk: (text: string) => void;
  /** For results. */
  readonly outPaint: Paint;
  /** For talk. */
  readonly talkPaint: Paint;
}

/** The process's own terminal. A closed pipe (`| head`) is no error: what follows is dropped. */
export function processTerminal(): Terminal {
  return {
    out: lineWriter(process.stdout),
    talk: lineWriter(process.stderr),
    outPaint: makePaint(wantsColour(process.stdout)),
    talkPaint: makePaint(wantsColour(process.stderr)),
  };
}

export const plainPaint: Paint = makePaint(false);

/**
 * One line of text that a model, a program or a file made: control characters (which could move the cursor or rename the window) and
 * characters that turn the reading direction are blanks, and it is cut at `width`.
 */
export function oneLine(text: string, width = 160): string {
  const clean = text.replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]+/gu, ' ').trim();
  return clean.length > width ? `${clean.slice(0, width - 1)}…` : clean;
}

function lineWriter(stream: NodeJS.WriteStream): (text: string) => void {
  let open = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    open = false;
    if (error.code !== 'EPIPE') throw error;
  });
  return (text) => {
    if (open) stream.write(`${text}\n`);
  };
}

function wantsColour(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, TERM } = process.env;
  return stream.isTTY && (NO_COLOR ?? '') === '' && TERM !== 'dumb';
}

function makePaint(colours: boolean): Paint {
  const with_ = (on: number, off: number) => (text: string) => (colours ? `\u001B[${on}m${text}\u001B[${off}m` : text);
  return {
    good: with_(32, 39),
    bad: with_(31, 39),
    attention: with_(33, 39),
    quiet: with_(2, 22),
    strong: with_(1, 22),
  };
}
