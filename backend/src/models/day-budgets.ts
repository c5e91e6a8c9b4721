import { z } from 'zod';

/** US dollars from midnight to midnight, UTC; null: as much as it takes. */
export const DayBudgets = z
  .strictObject({ dayUsd: z.number().positive().nullable(), personDayUsd: z.number().positive().nullable() })
  .meta({ id: 'DayBudgets' });
export type DayBudgets = z.infer<typeof DayBudgets>;
