/** What a colour says. `run` is the accent, the others belong to evidence. */
export type Tone = 'ok' | 'bad' | 'warn' | 'run' | 'none';

/** A form that says the same as the colour and the word beside it. */
export type Shape =
  | 'disc'
  | 'square'
  | 'half'
  | 'ring'
  | 'dashed'
  | 'turning'
  | 'corner'
  | 'struck'
  | 'signed'
  | 'clock';
