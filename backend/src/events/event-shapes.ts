import { Actor, eventData, eventTypes, Moment, RunId } from '@devfactory/contracts';
import { z } from 'zod';

const shapes = eventTypes.map((type) =>
  z
    .object({
      runId: RunId,
      seq: z.int().min(1),
      at: Moment,
      actor: Actor,
      type: z.literal(type),
      data: eventData[type] as z.ZodType,
    })
    .meta({ id: `Event.${type}` }),
);

/** An event on the wire: readers skip types they do not know. */
export const RunEventShape = z.union(shapes).meta({ id: 'RunEvent' });
export const EventPage = z.object({ events: z.array(RunEventShape) }).meta({ id: 'EventPage' });
