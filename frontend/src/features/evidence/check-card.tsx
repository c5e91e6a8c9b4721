import type { Check, Evidence, RequirementView } from '@devfactory/contracts';
import { useState, type ReactNode } from 'react';
import { useCommand } from '../../api/queries.ts';
import { CheckContent } from '../../components/check-content.tsx';
import { Screenshots } from '../../components/screenshots.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Mark } from '../../components/ui/mark.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { Pill } from '../../components/ui/pill.tsx';
import { Output } from '../../components/ui/scroll.tsx';
import { duration, shortDigest } from '../../words/format.ts';
import { standingOf } from '../../words/requirement-words.ts';
import { FullLog } from './full-log.tsx';
import { Mutants } from './mutants.tsx';

interface Props {
  readonly check: RequirementView['checks'][number];
  readonly locked: Check | undefined;
  readonly runId: string;
  /** False when the run takes no more words. */
  readonly live: boolean;
}

/** One check: what it asks, what it said now, and what it said about the code before the work. */
export function CheckCard({ check, locked, runId, live }: Props) {
  const [asking, setAsking] = useState(false);
  const look = standingOf({ status: check.standing, mark: null });
  const { latest, base, mutation } = check;
  return (
    <article aria-label={`Check ${check.id}`} className="rounded-lg border border-line bg-panel">
      <header className="flex items-start gap-2.5 px-3 pt-2.5">
        <Mark shape={look.shape} tone={look.tone} className="mt-px" />
        <h3 className="min-w-0 flex-1 font-medium break-words">
          <span className="mono-tiny mr-1.5 text-ink-3">{check.id}</span>
          {check.title}
        </h3>
        {check.heldOut && <Pill tone="none">held out</Pill>}
        <Pill tone={look.tone}>{look.word.toLowerCase()}</Pill>
      </header>
      <div className="grid gap-2 px-3 pt-1.5 pb-2.5 pl-[40px]">
        {latest ? <Result evidence={latest} runId={runId} /> : <p className="text-ink-2">Not executed yet.</p>}
        <BaseResult base={base} intent={locked?.intent ?? 'change'} />
        {mutation && <Mutants mutation={mutation} runId={runId} />}
        {locked && (
          <div>
            <button
              type="button"
              aria-expanded={asking}
              className="min-h-6 text-accent underline underline-offset-2"
              onClick={() => setAsking(!asking)}
            >
              {asking ? 'Hide what it asks' : 'What it asks, word for word'}
            </button>
            {asking && <CheckContent runId={runId} check={locked} />}
          </div>
        )}
        {check.heldOut && live && <Drop runId={runId} id={check.id} />}
      </div>
    </article>
  );
}

/** Another one is held out in its place: a check is never edited. */
function Drop({ runId, id }: { readonly runId: string; readonly id: string }) {
  const command = useCommand(runId);
  return (
    <div>
      <Button busy={command.isPending} onClick={() => command.mutate({ do: 'drop-held-out-check', id })}>
        Drop {id}
      </Button>
      {command.error && <Failure what="It was not dropped" error={command.error} />}
    </div>
  );
}

const causes: Record<NonNullable<Evidence['cause']>, string> = {
  assertion: 'an expectation did not hold',
  absent: 'what it needs is not there',
  timeout: 'time ran out',
  flaky: 'two executions, two answers',
  environment: 'the verifier could not tell',
};

function Result({ evidence, runId }: { readonly evidence: Evidence; readonly runId: string }) {
  const bad = evidence.verdict !== 'passed';
  return (
    <>
      <Output label="Command" className="border-transparent py-1.5">
        {evidence.command}
      </Output>
      <dl className="flex flex-wrap gap-x-4 gap-y-0.5 text-small text-ink-2">
        <Figure name="verdict">
          <span className={bad ? 'text-bad' : 'text-ok'}>{evidence.verdict}</span>
        </Figure>
        {evidence.cause && <Figure name="because">{causes[evidence.cause]}</Figure>}
        {evidence.exitCode !== null && <Figure name="exit">{evidence.exitCode}</Figure>}
        <Figure name="took">{duration(evidence.durationMs)}</Figure>
        <Figure name={evidence.executions > 1 ? 'confirmed' : 'executions'}>{confirmationOf(evidence)}</Figure>
        <Figure name="seen from">{evidence.vantage}</Figure>
        <Figure name="on">
          <span title={`source tree ${evidence.tree}`}>
            {evidence.checkpointId} · tree <span className="mono-tiny">{shortDigest(evidence.tree)}</span>
          </span>
        </Figure>
      </dl>
      {evidence.carriedFrom && (
        <p className="text-small text-ink-2">
          Carried over from {evidence.carriedFrom.checkpointId}: of this tree it sees exactly what it saw there, so
          nothing had to be executed.
        </p>
      )}
      {evidence.excerpt && plain(evidence.excerpt) !== plain(evidence.command) && (
        <Output bad={bad} label="Excerpt of the output" className="max-h-64">
          {evidence.excerpt}
        </Output>
      )}
      {evidence.screenshots && <Screenshots runId={runId} screenshots={evidence.screenshots} />}
      {evidence.tests && evidence.tests.length > 0 && <Tests tests={evidence.tests} />}
      {evidence.output && <FullLog runId={runId} digest={evidence.output} />}
    </>
  );
}

/** A pass counts when a second execution gives it again; two answers are a failure. */
function confirmationOf({ verdict, cause, executions }: Evidence): string {
  if (executions < 2) return String(executions);
  if (cause === 'flaky') return 'no: 1 of 2 executions passed';
  return verdict === 'passed' ? `${executions} of ${executions} executions passed` : `after ${executions} executions`;
}

function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex gap-1.5">
      <dt className="text-ink-3">{name}</dt>
      <dd className="font-medium text-ink">{children}</dd>
    </div>
  );
}

function Tests({ tests }: { readonly tests: NonNullable<Evidence['tests']> }) {
  return (
    <ul aria-label="Tests" className="grid gap-0.5">
      {tests.map((test) => (
        <li key={test.id} className="flex items-start gap-2">
          <Mark
            shape={test.outcome === 'passed' ? 'disc' : test.outcome === 'failed' ? 'square' : 'dashed'}
            tone={test.outcome === 'passed' ? 'ok' : test.outcome === 'failed' ? 'bad' : 'none'}
            size={14}
            className="mt-[3px]"
          />
          <span className="mono min-w-0 flex-1 wrap-anywhere">{test.id}</span>
          <span className="text-small text-ink-2">{test.outcome}</span>
        </li>
      ))}
    </ul>
  );
}

/** A check that passes without the work proves nothing about the work, so this is always shown. */
function BaseResult({ base, intent }: { readonly base: Evidence | null; readonly intent: 'change' | 'keep' }) {
  if (!base) return <p className="text-small text-ink-3">Before the work: not asked yet.</p>;
  const said =
    base.verdict === 'failed' ? (base.cause === 'absent' ? 'failed, nothing was there' : 'failed') : base.verdict;
  const expected = intent === 'change' ? base.verdict === 'failed' : base.verdict === 'passed';
  const meaning =
    intent === 'change'
      ? expected
        ? 'so it can tell the difference'
        : 'so passing it now says nothing about the work'
      : expected
        ? 'and must still pass'
        : 'so it cannot show that nothing broke';
  return (
    <p className="text-small text-ink-2">
      Before the work it <b className={`font-medium ${expected ? 'text-ink' : 'text-warn'}`}>{said}</b>, {meaning}.
    </p>
  );
}

/** Letters and digits alone: the same words on one line and on several are the same. */
function plain(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}
