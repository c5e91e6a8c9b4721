const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const clockSeconds = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const dayYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });

/** '12:41', as the person's clock shows it. */
export function timeOfDay(at: string): string {
  return clock.format(new Date(at));
}

/** '12:41:07' */
export function secondOfDay(at: string): string {
  return clockSeconds.format(new Date(at));
}

export function fullMoment(at: string): string {
  const date = new Date(at);
  return `${dayYear.format(date)}, ${clockSeconds.format(date)}`;
}

/** '12:41' today, '3 Nov' in this year, '3 Nov 2025' before. */
export function shortMoment(at: string, now: Date): string {
  const date = new Date(at);
  if (date.toDateString() === now.toDateString()) return clock.format(date);
  return (date.getFullYear() === now.getFullYear() ? day : dayYear).format(date);
}

/** '840 ms', '6.2 s', '12:41', '1:02:03'. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  return stopwatch(ms);
}

/** '0:07', '12:41', '1:02:03': for something that counts up. */
export function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const pad = (part: number) => String(part).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest.replace(/^0(?=\d)/, '');
}

export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = count / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

export { counted } from '@devfactory/contracts';

export function shortDigest(digest: string): string {
  return digest.slice(0, 8);
}
