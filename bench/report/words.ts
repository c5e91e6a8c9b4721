import { isMet, ratioOf, type Figure, type Goal, type Unit } from './figure.ts';

const kilo = 1000;

/** A value with its unit, to three significant digits. */
export function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case 'ms':
      return value >= 10 * kilo ? `${round(value / kilo)} s` : `${round(value)} ms`;
    case 'bytes':
      if (value >= kilo ** 2) return `${round(value / kilo ** 2)} MB`;
      return value >= kilo ? `${round(value / kilo)} kB` : `${round(value)} B`;
    case 'percent':
      return `${round(value)} %`;
    case 'count':
      return round(value);
  }
}

/** `1.42x`; a dash where there is nothing to compare with. */
export function formatRatio(ratio: number | null): string {
  return ratio === null ? '-' : `${round(ratio)}x`;
}

function formatGoal(goal: Goal, unit: Unit): string {
  return goal.of === 'ratio' ? `<= ${goal.atMost}x` : `<= ${formatValue(goal.atMost, unit)}`;
}

const widths = [44, 8, 6, 32, 6, 0];
const numeric = new Set([1, 2, 4]);

/** The line over the figures. */
export const headLine = columns(['', 'figure', 'n', 'beside', 'ratio', 'goal']);

/** One figure as a line of the table. */
export function figureLine(figure: Figure): string {
  const { name, value, unit, n, reference, goal } = figure;
  const met = isMet(figure);
  const verdict = met === null ? '' : met ? '  met' : '  MISSED';
  return columns([
    `  ${name}`,
    formatValue(value, unit),
    String(n),
    reference ? `${reference.name} ${formatValue(reference.value, unit)}` : '-',
    formatRatio(ratioOf(figure)),
    goal ? formatGoal(goal, unit) + verdict : '',
  ]);
}

/** Numbers stand at the right of their column, words at the left. */
function columns(cells: readonly string[]): string {
  const padded = cells.map((cell, index) => {
    const width = widths[index] ?? 0;
    return numeric.has(index) ? cell.padStart(width) : cell.padEnd(width);
  });
  return padded.join('  ').trimEnd();
}

function round(value: number): string {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return String(Number(value.toPrecision(3)));
}
