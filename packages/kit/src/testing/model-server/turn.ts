/** What a scripted model answers. */
export interface ModelTurn {
  readonly text?: string;
  readonly reasoning?: string;
  /** Arguments as an object, or as the text that is sent in their place. */
  readonly calls?: readonly { readonly name: string; readonly input: unknown }[];
  /** In the words of Chat Completions; default `tool_calls` or `stop`. null: none is sent. */
  readonly finish?: 'stop' | 'tool_calls' | 'length' | null;
  readonly usage?: { readonly input: number; readonly cached: number; readonly output: number };
  readonly fault?: ModelFaultScript;
}

/** How an answer goes wrong. Shares are of the answer's parts, 0 to 1. */
export type ModelFaultScript =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: string;
      readonly headers?: Record<string, string>;
    }
  /** The connection is destroyed there. */
  | { readonly kind: 'cut'; readonly at: number }
  /** The answer ends in order there, without its finish. */
  | { readonly kind: 'end'; readonly at: number }
  /** Nothing more is sent and the connection stays open. */
  | { readonly kind: 'hang'; readonly at: number }
  /** Only comments are sent, for ever. */
  | { readonly kind: 'drip'; readonly at: number }
  /** A part comes byte by byte, and never whole. */
  | { readonly kind: 'trickle'; readonly at: number }
  /** Half a line of JSON in place of a part. */
  | { readonly kind: 'broken-line'; readonly at: number }
  | { readonly kind: 'garbage' }
  /** 200 with an error in place of an answer. */
  | { readonly kind: 'error-part'; readonly message: string }
  | { readonly kind: 'refuse-connection' };

export function argumentsText(input: unknown): string {
  return typeof input === 'string' ? input : JSON.stringify(input);
}

export function usageOf(turn: ModelTurn): { readonly input: number; readonly cached: number; readonly output: number } {
  return turn.usage ?? { input: 100, cached: 60, output: 10 };
}

export function finishOf(turn: ModelTurn): 'stop' | 'tool_calls' | 'length' | null {
  return turn.finish === undefined ? ((turn.calls?.length ?? 0) > 0 ? 'tool_calls' : 'stop') : turn.finish;
}

/** A text in pieces, so that an answer can be cut within it. */
export function pieces(text: string, size = 8): string[] {
  return text === ''
    ? []
    : Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size));
}
