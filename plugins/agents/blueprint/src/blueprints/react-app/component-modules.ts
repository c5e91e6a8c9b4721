import { formComponents } from './form-modules.ts';

/** The components, which know no field by its name. */
export const components: Readonly<Record<string, string>> = {
  'App.tsx': String.raw`import { ThingSection } from './ThingSection.tsx';
import { things, title } from './things.ts';
import { useRecords } from './use-records.ts';

export function App() {
  const { problem, itemsOf, change } = useRecords();
  return (
    <main>
      <h1>{title}</h1>
      <p role="alert" hidden={problem === ''}>
        {problem}
      </p>
      {things.map((thing) => (
        <ThingSection key={thing.key} thing={thing} items={itemsOf(thing.key)} change={(items) => change(thing.key, items)} />
      ))}
    </main>
  );
}
`,
  'ThingSection.tsx': String.raw`import { useRef, useState } from 'react';
import { everything, find } from './find.ts';
import { ListTools } from './ListTools.tsx';
import { shown, type Item, type Thing, type Values } from './thing.ts';
import { ThingForm } from './ThingForm.tsx';
import { ThingTable } from './ThingTable.tsx';

interface Props {
  readonly thing: Thing;
  readonly items: readonly Item[];
  readonly change: (items: readonly Item[]) => void;
}

/** Form and list of one kind of thing. */
export function ThingSection({ thing, items, change }: Props) {
  const [editing, setEditing] = useState<Item | null>(null);
  const [status, setStatus] = useState('');
  const [query, setQuery] = useState(everything);
  const heading = useRef<HTMLHeadingElement>(null);
  const found = find(items, thing, query);
  const id = thing.key + '--heading';

  const save = (values: Values): void => {
    const next = editing?.id ?? 1 + Math.max(0, ...items.map((item) => item.id));
    const item = { id: next, values };
    change(editing ? items.map((other) => (other.id === next ? item : other)) : [...items, item]);
    setStatus((editing ? 'Saved ' : 'Added ') + thing.name + '.');
    setEditing(null);
  };
  const remove = (item: Item): void => {
    change(items.filter((other) => other.id !== item.id));
    const [first] = thing.fields;
    setStatus('Removed ' + thing.name + ' ' + (first ? shown(item.values[first.key], first.kind) : '') + '.');
    if (editing?.id === item.id) setEditing(null);
    heading.current?.focus();
  };

  return (
    <section aria-labelledby={id}>
      <h2 id={id} ref={heading} tabIndex={-1}>
        {thing.heading}
      </h2>
      <ThingForm
        key={editing?.id ?? 'new'}
        thing={thing}
        editing={editing}
        others={items.filter((item) => item.id !== editing?.id)}
        save={save}
        cancel={() => {
          setEditing(null);
          heading.current?.focus();
        }}
      />
      <p role="status">{status}</p>
      <ListTools thing={thing} query={query} change={setQuery} />
      {found.length > 0 ? (
        <ThingTable thing={thing} items={found} edit={setEditing} remove={remove} />
      ) : (
        <p className="empty">
          No {thing.names} {items.length === 0 ? 'yet' : 'found'}.
        </p>
      )}
    </section>
  );
}
`,
  ...formComponents,
  'ListTools.tsx': String.raw`import type { Query } from './find.ts';
import type { Thing } from './thing.ts';

interface Props {
  readonly thing: Thing;
  readonly query: Query;
  readonly change: (query: Query) => void;
}

/** Search, filters and order of a list. */
export function ListTools({ thing, query, change }: Props) {
  const id = (name: string): string => thing.key + '--tool-' + name;
  const filters = thing.fields.filter(({ kind }) => kind === 'choice' || kind === 'boolean');
  return (
    <div className="tools">
      <p>
        <label htmlFor={id('search')}>Search {thing.names}</label>
        <input
          id={id('search')}
          type="search"
          value={query.search}
          onChange={({ target }) => change({ ...query, search: target.value })}
        />
      </p>
      {filters.map(({ key, label, choices = ['yes', 'no'] }) => (
        <p key={key}>
          <label htmlFor={id('filter-' + key)}>Filter by {label.charAt(0).toLowerCase() + label.slice(1)}</label>
          <select
            id={id('filter-' + key)}
            value={query.filters[key] ?? ''}
            onChange={({ target }) => change({ ...query, filters: { ...query.filters, [key]: target.value } })}
          >
            <option value="">all</option>
            {choices.map((choice) => (
              <option key={choice}>{choice}</option>
            ))}
          </select>
        </p>
      ))}
      <p>
        <label htmlFor={id('sort')}>Sort {thing.names} by</label>
        <select id={id('sort')} value={query.sort} onChange={({ target }) => change({ ...query, sort: target.value })}>
          <option value="">order of adding</option>
          {thing.fields.map(({ key, label }) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </select>
      </p>
      <p className="tick">
        <input
          id={id('descending')}
          type="checkbox"
          checked={query.descending}
          onChange={({ target }) => change({ ...query, descending: target.checked })}
        />
        <label htmlFor={id('descending')}>Descending</label>
      </p>
    </div>
  );
}
`,
  'ThingTable.tsx': String.raw`import { shown, type Item, type Thing } from './thing.ts';
import { webAddress } from './validate.ts';

interface Props {
  readonly thing: Thing;
  readonly items: readonly Item[];
  readonly edit: (item: Item) => void;
  readonly remove: (item: Item) => void;
}

export function ThingTable({ thing, items, edit, remove }: Props) {
  const [first] = thing.fields;
  const about = (item: Item): string => (first ? shown(item.values[first.key], first.kind) : '') || thing.name;
  return (
    <table>
      <caption>{thing.heading}</caption>
      <thead>
        <tr>
          {thing.fields.map(({ key, label }) => (
            <th key={key} scope="col">
              {label}
            </th>
          ))}
          <th scope="col">Actions</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.id}>
            {thing.fields.map(({ key, kind, label }) => (
              <td key={key} data-label={label}>
                <Shown text={shown(item.values[key], kind)} isLink={kind === 'url'} />
              </td>
            ))}
            <td>
              <button type="button" aria-label={'Edit ' + about(item)} onClick={() => edit(item)}>
                Edit
              </button>
              <button type="button" aria-label={'Remove ' + about(item)} onClick={() => remove(item)}>
                Remove
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Shown({ text, isLink }: { readonly text: string; readonly isLink: boolean }) {
  if (!isLink || !webAddress.test(text)) return text;
  return (
    <a href={text} rel="noreferrer">
      {text}
    </a>
  );
}
`,
  'main.tsx': String.raw`import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import './style.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
`,
};
