import type { DayBudgets } from '@devfactory/client';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { budgetsQuery, useBudgets } from '../../api/models.ts';
import { Skeleton } from '../../components/ui/blank.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Failure } from '../../components/ui/notice.tsx';

const fields: readonly { readonly name: keyof DayBudgets; readonly label: string }[] = [
  { name: 'dayUsd', label: 'All runs together, USD a day' },
  { name: 'personDayUsd', label: 'The runs of one person, USD a day' },
];

/** What a day and a person may cost. */
export function BudgetForm(): ReactElement {
  const { data, error, refetch } = useQuery(budgetsQuery);
  const save = useBudgets();
  const [typed, setTyped] = useState<Readonly<Partial<Record<keyof DayBudgets, string>>>>({});
  if (error) return <Failure what="The budgets could not be read" error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={2} label="Reading the budgets" />;
  const textOf = (name: keyof DayBudgets): string => typed[name] ?? String(data[name] ?? '');
  const amountOf = (name: keyof DayBudgets): number | null => {
    const text = textOf(name).trim().replace(',', '.');
    return text === '' ? null : Number(text);
  };
  const wrong = (name: keyof DayBudgets): boolean => {
    const amount = amountOf(name);
    return amount !== null && !(amount > 0);
  };
  return (
    <form
      className="flex flex-wrap items-start gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (fields.some(({ name }) => wrong(name))) return;
        save.mutate(
          { dayUsd: amountOf('dayUsd'), personDayUsd: amountOf('personDayUsd') },
          { onSuccess: () => setTyped({}) },
        );
      }}
    >
      {fields.map(({ name, label }) => (
        <Field
          key={name}
          id={`budget-${name}`}
          label={label}
          inputMode="decimal"
          placeholder="no limit"
          className="min-w-56 flex-1"
          value={textOf(name)}
          onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
          fault={wrong(name) ? 'An amount above 0, or empty for none.' : undefined}
        />
      ))}
      <Button type="submit" look="primary" busy={save.isPending} className="mt-[25px]">
        {save.isSuccess && Object.keys(typed).length === 0 ? 'Saved' : 'Save budgets'}
      </Button>
      {save.error && <Failure what="The budgets were not saved" error={save.error} className="w-full" />}
    </form>
  );
}
