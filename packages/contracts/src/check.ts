import { z } from 'zod';
import { CheckId, Digest, HeldOutId, RequirementId, WorkspacePath } from './ids.ts';
import { limits } from './limits.ts';

/** A file that belongs to a check. It is laid over the tree under verification, whatever the agent left there. */
export const CheckFile = z.strictObject({
  path: WorkspacePath,
  content: z.string().max(limits.checkFileBytes),
});

/**
 * What a JSON value must look like. Objects match when each named member matches (more members are fine), arrays match
 * element by element, everything else by equality. Matchers: {"$type": "string"}, {"$includes": x} (substring, or an
 * element that matches), {"$length": n}, {"$gte": n}, {"$absent": true}, {"$not": value}. No regular expressions: they would run on the host.
 */
export const JsonPattern = z.json();

/** One request and what must come back. '${name}' in path, headers and body is replaced by a saved value; '${unique}' differs per execution. */
export const HttpExchange = z.strictObject({
  do: z.literal('request'),
  name: z.string().max(200),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']),
  path: z.string().startsWith('/').max(2000),
  headers: z.record(z.string().max(100), z.string().max(4000)).optional(),
  json: z.json().optional(),
  body: z.string().max(limits.checkFileBytes).optional(),
  expect: z.strictObject({
    status: z.union([z.int(), z.array(z.int()).min(1)]),
    headers: z.record(z.string(), z.string()).optional().describe('header name -> text its value must contain'),
    json: JsonPattern.optional(),
    bodyIncludes: z.array(z.string()).optional(),
    bodyExcludes: z.array(z.string()).optional(),
  }),
  /** name -> JSON pointer into the answer's body, e.g. { "token": "/access_token" }. */
  save: z.record(z.string().regex(/^[a-z][A-Za-z0-9]*$/), z.string().startsWith('/')).optional(),
});
/** Stops the app and starts it again on the same files: what was stored must still be there. */
export const HttpRestart = z.strictObject({ do: z.literal('restart') });

/** Outside: the host starts the app in a sandbox and talks HTTP to it from outside. */
export const HttpCheck = z.strictObject({
  kind: z.literal('http'),
  /** Environment of the app for this check; test values, never secrets. */
  env: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string().max(4000)).optional(),
  exchanges: z
    .array(z.discriminatedUnion('do', [HttpExchange, HttpRestart]))
    .min(1)
    .max(100),
});
/** What a browser's step is about: an element as assistive technology knows it, e.g. button 'Save', or by a CSS selector. */
export const BrowserTarget = z.union([
  z.strictObject({ role: z.string().min(1).max(50), name: z.string().max(500).optional() }),
  z.strictObject({ css: z.string().min(1).max(500) }),
]);
const seen = { target: BrowserTarget.optional(), text: z.string().min(1).max(10_000).optional() };
const needs = 'says a text or a target, and a target where it counts';
/** One act of a person before a browser, or one look. What is to be seen is waited for. '${unique}' differs per execution. */
export const BrowserStep = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('open'), path: z.string().startsWith('/').max(2000) }),
  z.strictObject({ do: z.literal('click'), target: BrowserTarget }),
  z.strictObject({ do: z.literal('fill'), target: BrowserTarget, text: z.string().max(10_000) }),
  z.strictObject({
    do: z.literal('press'),
    key: z.string().regex(/^(.|Enter|Tab|Escape|Backspace|Delete|Home|End|Arrow(Left|Up|Right|Down))$/u),
  }),
  /** Text of the page, or of an element; with `count` exactly so many visible elements. */
  z
    .strictObject({ do: z.literal('see'), ...seen, count: z.int().min(1).max(200).optional() })
    .refine(({ target, text, count }) => target !== undefined || (text !== undefined && count === undefined), needs),
  z
    .strictObject({ do: z.literal('see-not'), ...seen })
    .refine(({ target, text }) => target !== undefined || text !== undefined, needs),
  z.strictObject({ do: z.literal('screenshot'), name: z.string().min(1).max(100) }),
  /** Stops the app and starts it again on the same files. The page stays as it is. */
  z.strictObject({ do: z.literal('restart') }),
]);
/** Outside: the host starts the app in a sandbox and uses it with a browser in another one. */
export const BrowserCheck = z.strictObject({
  kind: z.literal('browser'),
  env: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string().max(4000)).optional(),
  /** Of the window, in CSS pixels. */
  size: z.strictObject({ width: z.int().min(200).max(2560), height: z.int().min(200).max(2560) }).optional(),
  steps: z.array(BrowserStep).min(1).max(100),
});
/** Outside: the host runs a command in a sandbox and judges its exit code and output itself. */
export const CommandCheck = z.strictObject({
  kind: z.literal('command'),
  argv: z.array(z.string().max(8000)).min(1).max(100),
  stdin: z.string().max(limits.checkFileBytes).optional(),
  files: z.array(CheckFile).max(50).optional(),
  expect: z.strictObject({
    exitCode: z.int().min(0).max(255),
    stdoutIncludes: z.array(z.string()).optional(),
    stdoutExcludes: z.array(z.string()).optional(),
    stderrIncludes: z.array(z.string()).optional(),
  }),
});
/** Outside: a file of the source tree, read by the host from the checkpoint. */
export const FileCheck = z.strictObject({
  kind: z.literal('file'),
  path: WorkspacePath,
  includes: z.array(z.string().min(1)).optional(),
  excludes: z.array(z.string().min(1)).optional(),
});
/**
 * Inside: the toolchain's test runner with locked configuration. Passes only when each expected id is reported as run and passed.
 * Ids: python 'tests/test_app.py::test_name'; node 'test/app.test.ts::full test name' (describe names joined with ' > ');
 * go 'price/price_test.go::TestTotal/of none'; java 'src/test/java/shop/PriceTest.java::adds';
 * rust 'tests/price.rs::none::is_zero'.
 */
export const TestCheck = z.strictObject({
  kind: z.literal('test'),
  toolchain: z.string().max(50),
  files: z.array(CheckFile).min(1).max(50),
  tests: z.array(z.string().min(1).max(500)).min(1).max(500),
});
export const CheckSpec = z.discriminatedUnion('kind', [HttpCheck, BrowserCheck, CommandCheck, FileCheck, TestCheck]);
export type CheckSpec = z.infer<typeof CheckSpec>;
export type HttpCheck = z.infer<typeof HttpCheck>;
export type BrowserCheck = z.infer<typeof BrowserCheck>;
export type BrowserStep = z.infer<typeof BrowserStep>;
export type BrowserTarget = z.infer<typeof BrowserTarget>;
export type HttpExchange = z.infer<typeof HttpExchange>;
export type CommandCheck = z.infer<typeof CommandCheck>;
export type FileCheck = z.infer<typeof FileCheck>;
export type TestCheck = z.infer<typeof TestCheck>;
export type CheckFile = z.infer<typeof CheckFile>;

/** 'change' must not pass on the base tree, or it is weak; 'keep' must pass on the base tree and now. */
export const CheckIntent = z.enum(['change', 'keep']);

/** What an agent or a person proposes; ids and versions are given by the engine. */
export const CheckProposal = z.strictObject({
  title: z.string().min(1).max(300),
  intent: CheckIntent.default('change'),
  timeoutMs: z.int().min(1000).max(600_000).default(60_000),
  spec: CheckSpec,
});
export type CheckProposal = z.infer<typeof CheckProposal>;

/** An executable question that belongs to one requirement. */
export const Check = z.strictObject({
  id: CheckId,
  version: z.int().min(1),
  requirementId: RequirementId,
  title: z.string(),
  intent: CheckIntent,
  timeoutMs: z.int(),
  kind: z.enum(['http', 'browser', 'command', 'file', 'test']),
  /** Blob that holds the CheckSpec as canonical JSON. The digest is what an approval locks. */
  spec: Digest,
});
export type Check = z.infer<typeof Check>;

/**
 * A check that no agent is ever shown: not in the workspace, a prompt, a tool's answer or the state that agents get. It counts as it was
 * given, by its digest, from then on, and needs no plan.
 */
export const HeldOutCheck = z.strictObject({
  check: Check.extend({ id: HeldOutId }),
  /** The model that was asked for it; null for a person's own. */
  model: z.string().max(300).nullable(),
});
export type HeldOutCheck = z.infer<typeof HeldOutCheck>;

/** Where a check looks from: another sandbox or the host, or the same process as the code. */
export type Vantage = 'outside' | 'inside';
export function vantageOf(kind: Check['kind']): Vantage {
  return kind === 'test' ? 'inside' : 'outside';
}
