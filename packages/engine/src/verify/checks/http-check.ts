import type { HttpCheck, HttpExchange } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import type { CheckLog } from '../log.ts';
import { failed, type Outcome, passed } from '../outcome.ts';
import { appPort, appUnder, noApp, startApp } from './app-under-check.ts';
import type { App } from './app.ts';
import { Clock, type Execution } from './execution.ts';
import { exchange, type HttpAnswer } from './http-exchange.ts';
import { answerMismatch } from './http-expectation.ts';
import { atPointer } from './json-pattern.ts';
import { fillJson, fillPath, fillText, uniqueWord } from './template.ts';

const shownBytes = 4000;

interface Conversation {
  readonly app: App;
  readonly clock: Clock;
  readonly log: CheckLog;
  readonly saved: Map<string, unknown>;
  /** What was said so far, for people. */
  readonly lines: string[];
}

/** Starts the app in a sandbox and talks HTTP to it from the host, which judges each answer itself. */
export async function httpCheck(execution: Execution<HttpCheck>): Promise<Outcome> {
  const { verifying, check, spec, log } = execution;
  const app = await appUnder(execution);
  if (!app) return noApp();
  const clock = new Clock(check.timeoutMs);
  const conversation: Conversation = { app, clock, log, saved: new Map([['unique', uniqueWord()]]), lines: [] };
  try {
    return (
      (await startApp(app, conversation, verifying.signal)) ?? (await converse(conversation, spec, verifying.signal))
    );
  } finally {
    log.line(`--- the app's output\n${app.output()}`);
  }
}

async function converse(conversation: Conversation, spec: HttpCheck, signal: AbortSignal): Promise<Outcome> {
  const { app, lines } = conversation;
  for (const step of spec.exchanges) {
    signal.throwIfAborted();
    const trouble = step.do === 'restart' ? await restart(conversation, signal) : await ask(conversation, step);
    if (trouble) return trouble;
  }
  await app.stop();
  return passed({ command: lines.join('; '), excerpt: lines.join('\n') });
}

async function restart(conversation: Conversation, signal: AbortSignal): Promise<Outcome | null> {
  await conversation.app.stop();
  conversation.lines.push('restart');
  conversation.log.line('--- restart');
  return startApp(conversation.app, conversation, signal);
}

async function ask(conversation: Conversation, step: HttpExchange): Promise<Outcome | null> {
  const { app, clock, log, saved, lines } = conversation;
  const path = fillPath(step.path, saved);
  const { headers, body } = requestOf(step, saved);
  log.line(`> ${step.name}\n> ${step.method} ${path}${body === null ? '' : `\n${body.slice(0, shownBytes)}`}`);
  const answer = await answerOf(app, { method: step.method, path, headers, body, timeoutMs: clock.left() });
  const line = `${step.method} ${path} -> ${answer.kind === 'answer' ? answer.status : answer.why}`;
  lines.push(line);
  log.line(answer.kind === 'answer' ? `< ${answer.status}\n${answer.body.slice(0, shownBytes)}` : `< ${answer.why}`);
  const said = { command: lines.join('; ') };
  if (answer.kind === 'no-answer') {
    return failed(answer.timedOut ? 'timeout' : 'assertion', {
      ...said,
      excerpt: `${step.name}: ${line}\n${app.output().slice(-1500)}`,
    });
  }
  const expect = {
    ...step.expect,
    ...(step.expect.json === undefined ? {} : { json: fillJson(step.expect.json, saved) }),
  };
  const difference = answerMismatch(expect, answer) ?? save(step, answer, saved);
  if (difference === null) return null;
  return failed('assertion', {
    ...said,
    excerpt: `${step.name}: ${line}\n${difference}\n${answer.body.slice(0, 1000)}`,
  });
}

function requestOf(
  step: HttpExchange,
  saved: ReadonlyMap<string, unknown>,
): { readonly headers: Record<string, string>; readonly body: string | null } {
  const headers: Record<string, string> = { host: `127.0.0.1:${appPort}`, accept: '*/*' };
  if (step.json !== undefined) headers['content-type'] = 'application/json';
  for (const [name, value] of Object.entries(step.headers ?? {})) headers[name.toLowerCase()] = fillText(value, saved);
  if (step.json !== undefined) return { headers, body: JSON.stringify(fillJson(step.json, saved)) };
  return { headers, body: step.body === undefined ? null : fillText(step.body, saved) };
}

async function answerOf(app: App, request: Parameters<typeof exchange>[1]): Promise<HttpAnswer> {
  try {
    return await exchange(await app.connect(), request);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'port_closed') {
      return { kind: 'no-answer', why: 'the app no longer listens', timedOut: false };
    }
    throw error;
  }
}

/** Keeps what later exchanges need. Null, or what was not there. */
function save(
  step: HttpExchange,
  answer: HttpAnswer & { readonly kind: 'answer' },
  saved: Map<string, unknown>,
): string | null {
  const wanted = Object.entries(step.save ?? {});
  if (wanted.length === 0) return null;
  const body = parseJson(answer.body);
  for (const [name, pointer] of wanted) {
    const value = atPointer(body, pointer);
    if (value === undefined) return `The answer has nothing at ${pointer}, which later requests need as ${name}.`;
    saved.set(name, value);
  }
  return null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
