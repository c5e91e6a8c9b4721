import type { Duplex } from 'node:stream';
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { ModelAnswer, ModelRequest } from './model.ts';

export type ModelPart = LanguageModelV4StreamPart;

/** The run's model as the processes of one sandbox may ask it: metered, within the budget, in the log, and only while a step goes on. */
export interface ProxiedModel {
  /** The model of now. Throws DomainError model_missing. */
  card(): { readonly ref: string; readonly runId: string };
  /** About how many tokens a request holds. */
  estimate(request: ModelRequest): number;
  /**
   * One answer, each part given to `take` as soon as it comes; the next is read when `take` is done. What fails is asked again only while
   * nothing was taken. Throws DomainError: budget_spent, models_closed, model_*; and the signal's reason.
   */
  ask(request: ModelRequest, take: (part: ModelPart) => Promise<void>, signal: AbortSignal): Promise<ModelAnswer>;
}

/** One sandbox's door to its run's model. */
export interface ModelDoor {
  /** What a request must carry as its key. It opens this door and nothing else, and no longer than the door is open. */
  readonly token: string;
  accept(connection: Duplex): void;
  /** Ends its connections; requests under way are ended too. */
  close(): void;
}

/** Speaks the vendors' wire formats to programs in sandboxes. */
export interface ModelProxy {
  open(model: ProxiedModel): ModelDoor;
}
