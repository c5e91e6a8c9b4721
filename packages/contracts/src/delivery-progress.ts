import { z } from 'zod';

/**
 * How far a delivery is at this moment, for those who watch: a message `progress` of a run's stream. It has no place in the log and is
 * never sent again; what counts comes as `export.delivered` or `export.failed`.
 */
export const DeliveryProgress = z.object({
  exportId: z.string().max(300),
  /** In this order; a destination may leave some out. */
  phase: z.enum(['scanning', 'packing', 'sending', 'checking']),
  /** Bytes of this phase. */
  done: z.int().min(0),
  /** Null where nobody knows. */
  total: z.int().min(0).nullable(),
});
export type DeliveryProgress = z.infer<typeof DeliveryProgress>;

/** For people: 'sending', with what it is done to. */
export const deliveryPhases: Readonly<Record<DeliveryProgress['phase'], string>> = {
  scanning: 'Looking for secrets',
  packing: 'Packing',
  sending: 'Sending',
  checking: 'Reading back',
};
