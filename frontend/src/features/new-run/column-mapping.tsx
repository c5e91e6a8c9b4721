import { useId } from 'react';
import type { Mapping, Table } from './requirement-table.ts';

interface Props {
  readonly table: Table;
  readonly mapping: Mapping;
  readonly onChange: (mapping: Mapping) => void;
}

/** Says which column of a table means what. */
export function ColumnMapping({ table, mapping, onChange }: Props) {
  const columns = Math.max(0, ...table.slice(0, 20).map((cells) => cells.length));
  const names = Array.from({ length: columns }, (_, column) => nameOf(table, mapping, column));
  return (
    <>
      <Column
        label="Text"
        names={names}
        value={mapping.text}
        onChange={(column) => onChange({ ...mapping, text: column ?? mapping.text })}
      />
      <Column
        label="Acceptance"
        title="It is added to the text; the plan makes its checks from it."
        none="no column"
        names={names}
        value={mapping.acceptance}
        onChange={(acceptance) => onChange({ ...mapping, acceptance })}
      />
      <Column
        label="Priority"
        none="all must"
        names={names}
        value={mapping.priority}
        onChange={(priority) => onChange({ ...mapping, priority })}
      />
      <label className="tap flex cursor-pointer items-center gap-1.5">
        <input
          type="checkbox"
          checked={mapping.heading}
          onChange={(event) => onChange({ ...mapping, heading: event.target.checked })}
          className="size-3.5 accent-accent"
        />
        First row is a heading
      </label>
    </>
  );
}

interface ColumnProps {
  readonly label: string;
  readonly title?: string;
  /** Words for no column; left out where one must be. */
  readonly none?: string;
  readonly names: readonly string[];
  readonly value: number | null;
  readonly onChange: (column: number | null) => void;
}

function Column({ label, title, none, names, value, onChange }: ColumnProps) {
  const id = useId();
  return (
    <div className="grid" title={title}>
      <label htmlFor={id} className="text-small text-ink-2">
        {label}
      </label>
      <select
        id={id}
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value === '' ? null : Number(event.target.value))}
        className="tap max-w-40 rounded-md border border-line bg-panel px-1.5"
      >
        {none !== undefined && <option value="">{none}</option>}
        {names.map((name, column) => (
          <option key={column} value={column}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

/** The heading's word, or the spreadsheet's letter with the first cell. */
function nameOf(table: Table, { heading }: Mapping, column: number): string {
  const cell = (table[0]?.[column] ?? '').trim().slice(0, 30);
  const letter = String.fromCodePoint(65 + (column % 26));
  return heading && cell !== '' ? cell : `${letter}${cell === '' ? '' : `: ${cell}…`}`;
}
