import type { BrowserStep, BrowserTarget, Check, CheckSpec, HttpExchange } from '@devfactory/contracts';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { checkQuery } from '../api/queries.ts';
import { Skeleton } from './ui/blank.tsx';
import { Failure } from './ui/notice.tsx';
import { Output } from './ui/scroll.tsx';

/** What a check asks, word for word, in a form that can be read. */
export function CheckContent({
  runId,
  check,
}: {
  readonly runId: string;
  readonly check: Pick<Check, 'id' | 'version'>;
}) {
  const detail = useQuery(checkQuery(runId, check.id, check.version));
  if (detail.isError)
    return (
      <Failure
        what="The check could not be read"
        error={detail.error}
        onRetry={() => void detail.refetch()}
        className="my-1.5"
      />
    );
  if (detail.isPending) return <Skeleton lines={3} label="Reading the check" />;
  return (
    <div className="my-1.5 rounded-lg border border-line bg-sunk px-3 py-2">
      <Spec spec={detail.data.spec} />
    </div>
  );
}

function Spec({ spec }: { readonly spec: CheckSpec }) {
  switch (spec.kind) {
    case 'http':
      return (
        <ol className="grid gap-2">
          <Environment env={spec.env} />
          {spec.exchanges.map((exchange, index) => (
            <li key={index}>
              {exchange.do === 'restart' ? (
                <p className="text-small text-ink-2">The app is stopped and started again on the same files.</p>
              ) : (
                <Exchange exchange={exchange} />
              )}
            </li>
          ))}
        </ol>
      );
    case 'browser':
      return (
        <ol className="grid gap-1">
          <Environment env={spec.env} />
          {spec.size && (
            <li className="text-small text-ink-2">
              In a window of {spec.size.width} × {spec.size.height}
            </li>
          )}
          {spec.steps.map((step, index) => (
            <li key={index}>
              <Step step={step} />
            </li>
          ))}
        </ol>
      );
    case 'command':
      return (
        <div className="grid gap-1">
          <Block label="Command">{spec.argv.map(quoted).join(' ')}</Block>
          {spec.stdin !== undefined && <Block label="Input">{spec.stdin}</Block>}
          <Line name="Expects exit code">
            <Code>{spec.expect.exitCode}</Code>
          </Line>
          <Texts name="Output contains" texts={spec.expect.stdoutIncludes} />
          <Texts name="Output does not contain" texts={spec.expect.stdoutExcludes} />
          <Texts name="Errors contain" texts={spec.expect.stderrIncludes} />
          {spec.files?.map((file) => (
            <Block key={file.path} label={file.path}>
              {file.content}
            </Block>
          ))}
        </div>
      );
    case 'file':
      return (
        <div className="grid gap-1">
          <Line name="File">
            <Code>{spec.path}</Code>
          </Line>
          <Texts name="Contains" texts={spec.includes} />
          <Texts name="Does not contain" texts={spec.excludes} />
        </div>
      );
    case 'test':
      return (
        <div className="grid gap-1">
          <Line name={`Tests (${spec.toolchain}), each must be reported as run and passed`}>{null}</Line>
          <ul className="mono grid">
            {spec.tests.map((test) => (
              <li key={test} className="wrap-anywhere">
                {test}
              </li>
            ))}
          </ul>
          {spec.files.map((file) => (
            <Block key={file.path} label={file.path}>
              {file.content}
            </Block>
          ))}
        </div>
      );
  }
}

function Environment({ env }: { readonly env: Readonly<Record<string, string>> | undefined }) {
  if (!env) return null;
  return (
    <li className="text-small text-ink-2">
      With{' '}
      {Object.entries(env).map(([name, value]) => (
        <Code key={name}>
          {name}={value}
        </Code>
      ))}
    </li>
  );
}

function Step({ step }: { readonly step: BrowserStep }) {
  switch (step.do) {
    case 'open':
      return (
        <Line name="Opens">
          <Code>{step.path}</Code>
        </Line>
      );
    case 'click':
      return (
        <Line name="Clicks">
          <Target target={step.target} />
        </Line>
      );
    case 'fill':
      return (
        <Line name="Fills">
          <Target target={step.target} /> with <Code>{step.text}</Code>
        </Line>
      );
    case 'press':
      return (
        <Line name="Presses">
          <Code>{step.key}</Code>
        </Line>
      );
    case 'see':
    case 'see-not':
      return (
        <Line name={step.do === 'see' ? 'Must see' : 'Must not see'}>
          {step.do === 'see' && step.count !== undefined && <>{step.count} × </>}
          {step.target && <Target target={step.target} />}
          {step.text !== undefined && (
            <>
              {step.target && 'with '}
              <Code>{step.text}</Code>
            </>
          )}
        </Line>
      );
    case 'screenshot':
      return <Line name="Takes a screenshot">“{step.name}”</Line>;
    case 'restart':
      return <Line name="The app is stopped and started again on the same files.">{null}</Line>;
  }
}

function Target({ target }: { readonly target: BrowserTarget }) {
  if ('css' in target) return <Code>{target.css}</Code>;
  return (
    <>
      the {target.role} {target.name !== undefined && <Code>{target.name}</Code>}
    </>
  );
}

function Exchange({ exchange }: { readonly exchange: HttpExchange }) {
  const { expect } = exchange;
  const body = exchange.json === undefined ? exchange.body : JSON.stringify(exchange.json);
  return (
    <div>
      <p className="text-small text-ink-2">{exchange.name}</p>
      <p className="mono wrap-anywhere">
        <b className="font-semibold">{exchange.method}</b> {exchange.path}
        {body !== undefined && <span className="text-ink-2"> {body}</span>}
      </p>
      {exchange.headers && (
        <p className="mono wrap-anywhere text-ink-2">
          {Object.entries(exchange.headers)
            .map(([name, value]) => `${name}: ${value}`)
            .join('  ')}
        </p>
      )}
      <p className="mono wrap-anywhere">
        <span aria-label="must answer" className="text-ink-3">
          →{' '}
        </span>
        <b className="font-semibold">{[expect.status].flat().join(' or ')}</b>
        {expect.json !== undefined && <span> {JSON.stringify(expect.json)}</span>}
      </p>
      <Texts name="Body contains" texts={expect.bodyIncludes} />
      <Texts name="Body does not contain" texts={expect.bodyExcludes} />
      {expect.headers && (
        <Line name="Headers">
          {Object.entries(expect.headers).map(([name, value]) => (
            <Code key={name}>
              {name}: …{value}…
            </Code>
          ))}
        </Line>
      )}
      {exchange.save && (
        <Line name="Keeps">
          {Object.entries(exchange.save).map(([name, pointer]) => (
            <Code key={name}>
              {name} = {pointer}
            </Code>
          ))}
        </Line>
      )}
    </div>
  );
}

function Line({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <p className="text-small text-ink-2">
      {name} {children}
    </p>
  );
}

function Texts({ name, texts }: { readonly name: string; readonly texts: readonly string[] | undefined }) {
  if (!texts || texts.length === 0) return null;
  return (
    <Line name={name}>
      {texts.map((text) => (
        <Code key={text}>{text}</Code>
      ))}
    </Line>
  );
}

function Code({ children }: { readonly children: ReactNode }) {
  return <code className="mr-1.5 rounded-sm bg-panel px-1 wrap-anywhere text-ink">{children}</code>;
}

function Block({ label, children }: { readonly label: string; readonly children: string }) {
  return (
    <div>
      <p className="text-small text-ink-2">{label}</p>
      <Output label={label} className="max-h-72 bg-panel">
        {children}
      </Output>
    </div>
  );
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
