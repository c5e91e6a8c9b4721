import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CreateRunInput } from '@devfactory/contracts';

/** What the agent `scripted` replays; see docs/guides/script-format.md. */
export type Script = NonNullable<CreateRunInput['agentOptions']>;

interface Call {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}
interface Step {
  readonly text?: string;
  readonly calls: readonly Call[];
}
interface Steps {
  readonly plan: readonly Step[];
  readonly work: readonly Step[];
  readonly repair?: readonly Step[];
}

/** A requirement and its check on a file. */
export interface Promised {
  readonly text: string;
  readonly path: string;
  readonly includes: string;
  /** The person's own requirement that the check belongs to; a new one when left out. */
  readonly id?: string;
}

const examples = join(import.meta.dirname, '..', '..', 'docs', 'examples');

export function example(name: 'guestbook' | 'false-claims'): Script {
  return JSON.parse(readFileSync(join(examples, `${name}.json`), 'utf8')) as Script;
}

/** The guest book for a person who has typed its three requirements, at a pace at which one can follow and interrupt. */
export function guestbookFor(wishes: readonly string[]): Script {
  const { plan, work } = example('guestbook') as unknown as Steps;
  const [proposal, ...rest] = plan[0]?.calls ?? [];
  if (!proposal) throw new Error('The guest book proposes nothing.');
  const { requirements } = proposal.input as { requirements: { readonly text: string }[] };
  const asked = requirements.map((item) => ({ ...item, id: `R-${wishes.indexOf(item.text) + 1}` }));
  const taken = { ...proposal, input: { ...proposal.input, requirements: asked } };
  const [service, ...after] = work;
  return script({
    plan: [{ ...plan[0], calls: [taken, ...rest] }],
    work: [...(service ? [service] : []), shell('sleep 4', 'Taking a breath.'), ...after],
  });
}

export const guestbookWishes: readonly string[] = [
  'When a client requests GET /health, the service shall answer 200 with status ok.',
  'When a client posts a name to /entries, the service shall keep it, also over a restart.',
  'If a posted entry has no name, then the service shall answer 400.',
];

/** One file after the other, each in a step of its own, with a rest before each. Keeps every promise. */
export function fileByFile({ promised, restSeconds }: { promised: readonly Promised[]; restSeconds: number }): Script {
  const steps = promised.flatMap(({ path, includes }): Step[] => [
    ...(restSeconds > 0 ? [shell(`sleep ${restSeconds}`, `Thinking about ${path}.`)] : []),
    { text: `Writing ${path}.`, calls: [{ tool: 'write', input: { path, content: `${includes}\n` } }] },
  ]);
  return script({ plan: [planOf(promised)], work: [...steps, { text: 'Done.', calls: [finish] }] });
}

export function script(steps: Steps): Script {
  return steps as unknown as Script;
}

export function planOf(promised: readonly Promised[]): Step {
  const requirements = promised.map(({ id, text, path, includes }) => ({
    ...(id === undefined ? {} : { id }),
    text,
    checks: [{ title: `${path} holds what it should`, spec: { kind: 'file', path, includes: [includes] } }],
  }));
  return { calls: [{ tool: 'propose_requirements', input: { summary: 'Files.', requirements } }, finish] };
}

export function shell(command: string, text: string): Step {
  return { text, calls: [{ tool: 'shell', input: { command } }] };
}

export const finish: Call = { tool: 'finish', input: { summary: 'Done.' } };

/** A script as a file that a page can be given. */
export function asFile(content: Script): { name: string; mimeType: string; buffer: Buffer } {
  return { name: 'script.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(content)) };
}
