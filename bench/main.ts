import { parseArgs } from 'node:util';
import { isMet, ratioOf, type Figure } from './report/figure.ts';
import { figureLine, formatValue, headLine } from './report/words.ts';
import type { Row } from './row.ts';
import { allRows, chooseRows } from './rows.ts';
import { Bench, type Size } from './stage/bench.ts';
import { loadNow, thisMachine } from './stage/machine.ts';

const usage = `npm run bench -- [options]
  --only NAME   this row alone; may be given several times: ${allRows.map(({ name }) => name).join(', ')}
  --quick       fewer samples, smaller where a row can be: a look, not a figure to quote
  --long        with 100,000 files, and the agents of others
  --json        one JSON document on stdout instead of the table`;

/** What became of one row. `failed` says why nothing was measured. */
interface Outcome {
  readonly name: string;
  readonly title: string;
  readonly load: number;
  readonly seconds: number;
  readonly figures: readonly Figure[];
  readonly notes: readonly string[];
  readonly failed: string | null;
}

async function measure(row: Row, bench: Bench): Promise<Outcome> {
  const load = loadNow();
  const started = performance.now();
  const outcome = await row.measure(bench).then(
    ({ figures, notes = [] }) => ({ figures, notes, failed: null }),
    (error: unknown) => ({ figures: [], notes: [], failed: error instanceof Error ? error.message : String(error) }),
  );
  await bench.end();
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  return { name: row.name, title: row.title, load, seconds, ...outcome };
}

function print({ name, title, load, seconds, figures, notes, failed }: Outcome): void {
  const lines = failed === null ? figures.map(figureLine) : [`  NOT MEASURED: ${failed}`];
  const about = `${title}   [${name}, load ${load.toFixed(1)}, ${seconds} s]`;
  process.stdout.write(`\n${[about, ...lines, ...notes.map((note) => `  ${note}`)].join('\n')}\n`);
}

/** The line that ends the table: what misses its goal, by name. */
function sum(outcomes: readonly Outcome[]): string {
  const figures = outcomes.flatMap((outcome) => outcome.figures);
  const missed = figures.filter((figure) => isMet(figure) === false).map(({ name }) => name);
  const met = figures.filter((figure) => isMet(figure) === true).length;
  const unmeasured = outcomes.filter(({ failed }) => failed !== null).length;
  return `${met} goals met, ${missed.length} missed${missed.length > 0 ? ` (${missed.join('; ')})` : ''}, ${unmeasured} rows not measured`;
}

function asJson(size: Size, outcomes: readonly Outcome[]): string {
  const rows = outcomes.map((outcome) => ({
    ...outcome,
    figures: outcome.figures.map((figure) => ({ ...figure, ratio: ratioOf(figure), met: isMet(figure) })),
  }));
  return JSON.stringify({ machine: thisMachine(), size, at: new Date().toISOString(), rows }, null, 2);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      long: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void process.stdout.write(`${usage}\n`);
  if (values.quick && values.long) throw new Error('--quick and --long are two sizes; choose one');
  const size: Size = values.quick ? 'quick' : values.long ? 'long' : 'usual';
  const rows = chooseRows(values.only, size);
  let current = new Bench(size);
  const asked = endWhenAsked(() => current.end());
  const { cores, processor, memoryBytes, kernel, node } = thisMachine();
  const about = `${cores} cores (${processor}), ${formatValue(memoryBytes, 'bytes')}, Linux ${kernel}, Node ${node}, load ${loadNow().toFixed(1)}, ${size}`;
  if (!values.json) process.stdout.write(`${about}\n${headLine}\n`);
  const outcomes: Outcome[] = [];
  for (const row of rows) {
    if (values.json) process.stderr.write(`${row.title}\n`);
    current = new Bench(size);
    const outcome = await measure(row, current);
    if (asked.aborted) return;
    outcomes.push(outcome);
    if (!values.json) print(outcome);
  }
  process.stdout.write(values.json ? `${asJson(size, outcomes)}\n` : `\n${sum(outcomes)}\n`);
}

/** What the row in progress opened is closed before we go. The signal says that we were asked to. */
function endWhenAsked(end: () => Promise<void>): AbortSignal {
  const asked = new AbortController();
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => {
      asked.abort();
      void end().finally(() => process.exit(code));
    });
  }
  return asked.signal;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n${usage}\n`);
  process.exitCode = 2;
}
