import type { CheckProposal } from '@devfactory/contracts';
import type { Entity, Model, ProjectFile } from '../../model/model.ts';
import { sampleBody, type JsonObject } from '../../model/samples.ts';
import type { Behaviour } from '../../requirements/behaviour.ts';
import { refusals } from '../../web-page/field-behaviours.ts';
import { canLack } from '../../web-page/thing-behaviours.ts';
import { addButton, headingOf, labelOf, rowOf, saveButton, typed, typedValues } from '../../web-page/visit.ts';
import { loader } from './paper-files.ts';

/** The project's own tests: the app with Testing Library, used by labels and buttons. */
export function testFiles(model: Model): ProjectFile[] {
  return [
    { path: 'test/samples.ts', content: samples(model) },
    { path: 'test/app.test.tsx', content: appTests },
  ];
}

/** 'test/app.test.tsx::shows what is added'; each title stands for all kinds of thing. */
export function testIds(files: readonly ProjectFile[]): string[] {
  return files.flatMap(({ path, content }) =>
    [...content.matchAll(/^ {2}test\('([^']+)'/gm)].map((match) => `${path}::${match[1]}`),
  );
}

/** vitest is the project's own runner: it is called as it is, with the delivered tests laid over whatever is there. */
export function ownTests(model: Model): Behaviour[] {
  const files = testFiles(model);
  const titles = testIds(files).map((id) => id.split('::')[1] ?? '');
  const check: CheckProposal = {
    title: 'the delivered tests pass',
    intent: 'change',
    timeoutMs: 300_000,
    spec: {
      kind: 'command',
      argv: ['/bin/sh', '-c', `NO_COLOR=1 vitest run ${loader} --reporter=verbose test/app.test.tsx`],
      files: files.map(({ path, content }) => ({ path, content })),
      expect: { exitCode: 0, stdoutIncludes: titles, stdoutExcludes: ['skipped', 'No test files'] },
    },
  };
  const text = 'The project shall have tests of its own that pass.';
  return [{ key: 'tests', statuses: [], derived: true, text, checks: [check] }];
}

function samples(model: Model): string {
  const all = model.entities.map((entity) => sample(entity));
  return `/** What the tests type, and what the app shall show. */
export interface Sample {
  readonly heading: string;
  readonly add: string;
  readonly save: string;
  readonly names: string;
  readonly first: Readonly<Record<string, string | boolean>>;
  readonly second: Readonly<Record<string, string | boolean>>;
  readonly rows: readonly (readonly string[])[];
  readonly change: readonly [label: string, value: string | boolean];
  readonly changed: readonly string[];
  /** Labels with words that are refused, each so many times in a row. */
  readonly invalid: readonly (readonly [label: string, word: string, times: number])[];
  readonly required: readonly string[];
  readonly unique: readonly string[];
}

export const samples: readonly Sample[] = ${JSON.stringify(all, null, 2)};
`;
}

function sample(entity: Entity): unknown {
  const { fields, labels } = entity;
  const [first, second] = [sampleBody(entity, 1), sampleBody(entity, 2)];
  const field = fields.find(({ unique }) => !unique) ?? fields[0];
  const value = field ? (sampleBody(entity, 3)[field.key] ?? null) : null;
  const changed: JsonObject = field ? { ...first, [field.key]: value } : first;
  return {
    heading: headingOf(entity),
    add: addButton(entity),
    save: saveButton(entity),
    names: labels,
    first: typedValues(entity, first),
    second: typedValues(entity, second),
    rows: [rowOf(entity, first), rowOf(entity, second)],
    change: field ? [labelOf(field), typed(field, value)] : ['', ''],
    changed: rowOf(entity, changed),
    invalid: fields.flatMap((item) =>
      refusals(item).map((word) =>
        /^x{2,}$/.test(word) ? [labelOf(item), 'x', word.length] : [labelOf(item), word, 1],
      ),
    ),
    required: fields.filter((item) => canLack(item)).map(labelOf),
    unique: fields.filter(({ unique }) => unique).map(labelOf),
  };
}

const appTests = String.raw`import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { App } from '../src/App.tsx';
import { storeKey } from '../src/things.ts';
import { samples } from './samples.ts';

beforeEach(() => localStorage.clear());
afterEach(cleanup);

describe.each(samples)('$heading', (sample) => {
  const section = () => within(screen.getByRole('region', { name: sample.heading }));
  const field = (label: string) => section().getByLabelText<HTMLInputElement>(label);
  const press = (name: string, at = 0) => fireEvent.click(section().getAllByText(name, { selector: 'button' })[at]!);

  function fill(values: Readonly<Record<string, string | boolean>>): void {
    for (const [label, value] of Object.entries(values)) {
      if (typeof value === 'string') fireEvent.change(field(label), { target: { value } });
      else if (field(label).checked !== value) fireEvent.click(field(label));
    }
  }
  function add(values: Readonly<Record<string, string | boolean>>): void {
    fill(values);
    press(sample.add);
  }
  const rows = () =>
    section()
      .queryAllByRole('row')
      .slice(1)
      .map((row) => [...row.querySelectorAll('td[data-label]')].map((cell) => cell.textContent.replaceAll(/\s+/g, ' ')));

  test('shows what is added, and empties the form', () => {
    render(<App />);
    expect(section().getByText('No ' + sample.names + ' yet.')).toBeTruthy();
    add(sample.first);
    expect(section().getByRole('status').textContent).toMatch(/^Added /);
    add(sample.second);
    expect(rows()).toEqual(sample.rows);
    for (const label of sample.required) expect(field(label).value).toBe('');
  });

  test('still has what was stored when it is opened again', () => {
    const { unmount } = render(<App />);
    add(sample.first);
    unmount();
    render(<App />);
    expect(rows()).toEqual(sample.rows.slice(0, 1));
  });

  test('keeps what is not changed', () => {
    render(<App />);
    add(sample.first);
    add(sample.second);
    press('Edit');
    fill({ [sample.change[0]]: sample.change[1] });
    press(sample.save);
    expect(rows()).toEqual([sample.changed, sample.rows[1]]);
  });

  test('removes one and no other', () => {
    render(<App />);
    add(sample.first);
    add(sample.second);
    press('Remove');
    expect(rows()).toEqual(sample.rows.slice(1));
  });

  test('says what is needed, and stores nothing', () => {
    render(<App />);
    press(sample.add);
    for (const label of sample.required) expect(field(label).getAttribute('aria-invalid')).toBe('true');
    if (sample.required.length > 0) expect(rows()).toEqual([]);
  });

  test('says what is not valid beside its field', () => {
    render(<App />);
    for (const [label, word, times] of sample.invalid) {
      fill({ ...sample.first, [label]: word.repeat(times) });
      press(sample.add);
      expect(field(label).getAttribute('aria-invalid'), label).toBe('true');
      expect(document.getElementById(field(label).getAttribute('aria-describedby') ?? '')?.textContent).toMatch(/^This /);
    }
    expect(rows()).toEqual([]);
  });

  test('takes what is unique once', () => {
    render(<App />);
    add(sample.first);
    for (const label of sample.unique) {
      add({ ...sample.second, [label]: sample.first[label] ?? '' });
      expect(field(label).getAttribute('aria-invalid')).toBe('true');
    }
    if (sample.unique.length > 0) expect(rows()).toEqual(sample.rows.slice(0, 1));
  });

  test('finds what is searched for', () => {
    render(<App />);
    add(sample.first);
    fill({ ['Search ' + sample.names]: 'nowhere at all' });
    expect(section().getByText('No ' + sample.names + ' found.')).toBeTruthy();
    fill({ ['Search ' + sample.names]: '', Descending: true });
    expect(rows()).toEqual(sample.rows.slice(0, 1));
  });
});

describe('storage', () => {
  test('is told and left as it is where it cannot be read', () => {
    localStorage.setItem(storeKey, '{');
    render(<App />);
    expect(screen.getByRole('alert').textContent).toContain('cannot be read');
    expect(localStorage.getItem(storeKey)).toBe('{');
  });
});
`;
