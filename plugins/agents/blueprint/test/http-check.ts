import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpCheck, HttpExchange } from '@devfactory/contracts';
import { AppProcess, type AppCommand } from './app-process.ts';
import { matches } from './json-match.ts';

type Saved = Map<string, unknown>;

/** Runs an http check against a real app with fresh data; the first difference, or null. */
export async function httpProblem(check: HttpCheck, command: AppCommand): Promise<string | null> {
  rmSync(join(command.cwd, 'data'), { recursive: true, force: true });
  const app = new AppProcess(command, check.env ?? {});
  const saved: Saved = new Map([['unique', 'U7']]);
  await app.start();
  try {
    for (const step of check.exchanges) {
      if (step.do === 'restart') {
        await app.stop();
        await app.start();
        continue;
      }
      const problem = await exchange(step, app.url, saved);
      if (problem) return problem;
    }
    return null;
  } finally {
    await app.stop();
  }
}

async function exchange(step: HttpExchange, url: string, saved: Saved): Promise<string | null> {
  const headers = Object.fromEntries(
    Object.entries(step.headers ?? {}).map(([name, value]) => [name, fillText(value, saved)]),
  );
  const body = step.json === undefined ? (step.body ?? null) : JSON.stringify(fill(step.json, saved));
  const answer = await fetch(url + fillText(step.path, saved), {
    method: step.method,
    headers: { ...(step.json === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    body,
  });
  const text = await answer.text();
  const about = `${step.name}: ${answer.status} ${text.slice(0, 300)}`;
  if (![step.expect.status].flat().includes(answer.status)) return about;
  const json = text === '' ? undefined : parsed(text);
  if (step.expect.json !== undefined && !matches(fill(step.expect.json, saved), json))
    return `${about}, wanted ${JSON.stringify(fill(step.expect.json, saved))}`;
  if ((step.expect.bodyExcludes ?? []).some((part) => text.includes(part))) return about;
  for (const [name, pointer] of Object.entries(step.save ?? {}))
    saved.set(name, (json as Record<string, unknown>)[pointer.slice(1)]);
  return null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fillText(text: string, saved: Saved): string {
  return text.replaceAll(/\$\{([a-z]\w*)\}/gi, (whole, name: string) =>
    saved.has(name) ? String(saved.get(name)) : whole,
  );
}

function fill(value: unknown, saved: Saved): unknown {
  if (typeof value === 'string') {
    const only = /^\$\{([a-z]\w*)\}$/i.exec(value)?.[1];
    return only !== undefined && saved.has(only) ? saved.get(only) : fillText(value, saved);
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, saved));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fill(item, saved)]));
  return value;
}
