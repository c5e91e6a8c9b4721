import { cutText } from '../text/cut-text.ts';

/** What comes next in a run. */
export type Action =
  | { readonly do: 'rest' }
  | { readonly do: 'prepare' }
  | { readonly do: 'survey' }
  | { readonly do: 'restore'; readonly checkpointId: string; readonly paths: readonly string[] | null }
  /** Make a checkpoint of what people changed up to this event. */
  | { readonly do: 'keep'; readonly upTo: number }
  | { readonly do: 'turn'; readonly purpose: 'plan' | 'work' | 'repair'; readonly why: string }
  | { readonly do: 'lock' }
  /** A second model is asked for checks that the agent is never shown. */
  | { readonly do: 'hold-out'; readonly model: string; readonly requirementIds: readonly string[] }
  | { readonly do: 'wait'; readonly for: 'plan-approval' | 'answer' | 'review'; readonly sentence: string }
  | {
      readonly do: 'verify';
      readonly checkpointId: string;
      readonly checkIds: readonly string[];
      readonly onBase: boolean;
    }
  /** Judge these checks by mutants of what changed, once the tree is what would be reviewed. */
  | { readonly do: 'mutate'; readonly checkpointId: string; readonly checkIds: readonly string[] }
  | {
      readonly do: 'approve';
      readonly checkpointId: string;
      readonly tree: string;
      readonly notProven: readonly string[];
    }
  /** Merge what a delivery is for, as it is now, into the head. */
  | { readonly do: 'take-base'; readonly exportId: string }
  | { readonly do: 'deliver'; readonly exportId: string }
  /** Read back what was delivered, build and test it. */
  | { readonly do: 'check-delivery'; readonly exportId: string }
  | { readonly do: 'finish'; readonly outcome: 'delivered' | 'not-delivered'; readonly sentence: string };

/** Of what a person is told. */
export const sentenceCharacters = 1000;

/** Cut here and nowhere later, so that the sentence of a wait can be compared with what would be said now. */
export function wait(what: 'plan-approval' | 'answer' | 'review', sentence: string): Action {
  return { do: 'wait', for: what, sentence: cutText(sentence, sentenceCharacters) };
}
