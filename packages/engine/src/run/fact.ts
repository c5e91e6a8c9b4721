import type { EventOf, EventType } from '@devfactory/contracts';

/** What happened, before it has an actor, a place and a moment. */
export type Fact = { [T in EventType]: EventOf<T> }[EventType];
