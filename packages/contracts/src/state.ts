import type { Check, HeldOutCheck } from './check.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { ReviewComment } from './comment.ts';
import type { BaseRecord, ExportRecord, WaivedSecrets } from './delivery-records.ts';
import type { Actor, EventOf } from './event.ts';
import type { Evidence } from './evidence.ts';
import type { FileChange } from './file-change.ts';
import type { GuidanceState } from './guidance-state.ts';
import type { Mutation } from './mutation.ts';
import type { OutsideVoice } from './outside.ts';
import type { Requirement } from './requirement.ts';
import type { Usage } from './run.ts';
import type { PageScreenshot } from './screenshot.ts';

/** Where a run stands, in one word. `waiting` always comes with what it waits for. */
export type RunStage =
  | { readonly name: 'queued' }
  | { readonly name: 'planning' }
  | { readonly name: 'working' }
  | { readonly name: 'verifying' }
  | {
      readonly name: 'waiting';
      readonly for: 'plan-approval' | 'answer' | 'review';
      readonly sentence: string;
      readonly since: string;
    }
  | { readonly name: 'delivering' }
  | { readonly name: 'delivered' }
  | { readonly name: 'finished'; readonly sentence: string }
  | { readonly name: 'failed'; readonly code: string; readonly reason: string }
  | { readonly name: 'cancelled' };

export interface ToolRecord {
  readonly callId: string;
  readonly tool: string;
  readonly title: string;
  readonly outcome: 'pending' | 'running' | 'ok' | 'error' | 'interrupted';
  readonly exitCode: number | null;
  readonly durationMs: number | null;
  readonly excerpt: string;
  readonly body: string | null;
}

/** The last request to a model, as far as it is known. */
export interface ModelCallRecord {
  readonly step: number;
  readonly callId: string;
  readonly model: string;
  readonly attempt: number;
  readonly since: string;
  readonly reservedUsd: number;
  readonly outcome: 'running' | 'answered' | 'failed';
  /** Why it failed. */
  readonly reason: string;
  readonly retryInMs: number | null;
}

export interface StepRecord {
  readonly step: number;
  readonly turn: number;
  readonly startedAt: string;
  readonly text: string;
  /** Blob with { text, calls }; null until the agent has answered. */
  readonly body: string | null;
  readonly calls: readonly ToolRecord[];
  readonly usage: Usage;
  /** Requests to a model so far, tries that failed included. */
  readonly modelCalls: number;
  /** True when the turn goes on although the step made no call. */
  readonly goesOn: boolean;
  readonly ended: boolean;
  readonly durationMs: number | null;
  readonly checkpointId: string | null;
  /** Ids of feedback that this step took in. */
  readonly feedback: readonly string[];
}

export interface TurnRecord {
  readonly turn: number;
  readonly purpose: 'plan' | 'work' | 'repair';
  readonly why: string;
  /** Ids of the requirements that work is done for: those that nothing proved and nobody marked when it began. None while planning. */
  readonly open: readonly string[];
  readonly outcome: EventOf<'turn.ended'>['data']['outcome'] | null;
  readonly summary: string;
}

export interface FeedbackRecord {
  readonly id: string;
  readonly mode: 'steer' | 'queue';
  readonly text: string;
  readonly at: string;
  /** Step that took it in; null while queued. */
  readonly deliveredAt: number | null;
  readonly withdrawn: boolean;
  /** Where it came from; null for a person's words here. */
  readonly from: OutsideVoice | null;
  readonly screenshots: readonly PageScreenshot[];
}

/** What a person changed, as the fold keeps it: saves of one file that the agent was not told yet are one. */
export interface EditRecord extends Omit<FileChange, 'excerpt' | 'before' | 'binary'> {
  /** Of the last event it is made of. */
  readonly seq: number;
  readonly by: Actor;
  readonly at: string;
  /** Step whose agent was told; null while none was. */
  readonly deliveredAt: number | null;
  /** True once a checkpoint has it. */
  readonly kept: boolean;
}

/** What a person said about lines of code. */
export interface CommentRecord extends ReviewComment {
  readonly id: string;
  readonly at: string;
  /** The message it went with; null while it waits in the tray. */
  readonly feedbackId: string | null;
  readonly addressed: { readonly checkpointId: string; readonly by: Actor } | null;
}

export interface QuestionRecord {
  readonly id: string;
  readonly question: string;
  readonly options: readonly string[];
  readonly answer: string | null;
}

export interface VerificationRecord {
  readonly id: string;
  readonly checkpointId: string;
  readonly tree: string;
  readonly onBase: boolean;
  readonly checks: number;
  readonly outcome: 'running' | 'complete' | 'interrupted';
  /** Number of turns when it began: what could not be told is asked again after the next turn. */
  readonly afterTurn: number;
  readonly note: string;
}

/** A person's word about a requirement, shown as exactly that and never as proven. */
export interface Mark {
  readonly kind: 'waived' | 'accepted';
  readonly reason: string;
  readonly by: Actor;
  readonly tree: string | null;
}

/** The fold of a run's events. Plain data, so that server and browser hold the same. */
export interface RunState {
  readonly id: string;
  readonly seq: number;
  readonly name: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly promptHead: string;
  /** Who asked for it outside; null for a person here. */
  readonly from: OutsideVoice | null;
  /** Blob with the whole CreateRun. */
  readonly body: string;
  readonly agent: string;
  readonly request: EventOf<'run.created'>['data']['request'];
  /** The checkpoint of another run that this one began with; null when it began otherwise. `name` is what that run was called then. */
  readonly forkedFrom: { readonly runId: string; readonly name: string; readonly checkpoint: Checkpoint } | null;
  /** What was found about the first files; null before they were looked at, and when there were none. */
  /** Null when the first files are not a commit, and in logs of older versions. */
  readonly imported: EventOf<'source.imported'>['data'] | null;
  readonly survey: EventOf<'source.surveyed'>['data'] | null;
  readonly stage: RunStage;
  readonly paused: boolean;
  /** Since when, and which checkpoints were kept; null for a run that was not archived. */
  readonly archived: { readonly at: string; readonly kept: readonly string[] } | null;
  readonly driver: string | null;
  readonly notEnforced: readonly string[];
  readonly requirements: readonly Requirement[];
  /** Highest number that a requirement ever had: the id of a removed one is never given again. */
  readonly highestRequirement: number;
  readonly marks: Readonly<Record<string, Mark>>;
  /** Latest proposed version of each check. */
  readonly checks: readonly Check[];
  /** Checks that no agent is shown. They count as they are, without a plan. */
  readonly heldOut: readonly HeldOutCheck[];
  /** Requirement -> wording for which a second model was asked to hold checks out. */
  readonly heldOutAsked: Readonly<Record<string, number>>;
  /** Highest number that a held-out check ever had. */
  readonly highestHeldOut: number;
  readonly plan: {
    /** Version last proposed; 0 before the first. */
    readonly proposed: number;
    /** Version last approved; 0 before the first. Work needs approved === proposed. */
    readonly approved: number;
    readonly summary: string;
    readonly lock: string | null;
    /** Checks as the last approval locked them. */
    readonly locked: readonly Check[];
    /** Number of turns at the last approval: work belongs to a plan only when it came after. */
    readonly approvedAfterTurn: number;
    /** True when requirements were added or reworded, or checks changed, since the plan was proposed: a new version must be. */
    readonly stale: boolean;
    /** What a person said when sending the plan back; the next plan turn takes it in. */
    readonly returned: string | null;
    /** Number of turns when it was sent back: a plan that was being made then does not answer it. */
    readonly returnedAfterTurn: number;
    /** True when a person added or reworded a requirement and no planning step began since. */
    readonly unseen: boolean;
    /** Wordings that the last approval locked the checks for: requirement id -> version. */
    readonly wordings: Readonly<Record<string, number>>;
    /** Versions in a row that working turns brought by themselves, without a person or a planning turn between. */
    readonly unasked: number;
  };
  readonly turns: readonly TurnRecord[];
  readonly steps: readonly StepRecord[];
  readonly checkpoints: readonly Checkpoint[];
  /** Checkpoint that the workspace stands on: the last made or restored. */
  readonly head: string | null;
  readonly restoreRequested: string | null;
  /** Files and folders that are meant by it; null for all. */
  readonly restorePaths: readonly string[] | null;
  /** The checkpoint that undoes the restore that is under way; null when none is. */
  readonly restoringFrom: string | null;
  /** The last restore: `before` undoes it, `after` is the head that it gave. */
  readonly lastRestore: {
    readonly checkpointId: string;
    readonly paths: readonly string[] | null;
    readonly before: string;
    readonly after: string;
  } | null;
  /** Names that people gave, by checkpoint. */
  readonly checkpointNames: Readonly<Record<string, string>>;
  /** Checkpoints that stay when the run is archived. */
  readonly pinned: readonly string[];
  /** Checkpoint that a lost workspace is being filled from; null when its files are whole. */
  readonly rebuilding: string | null;
  /** Ids that a person's requirement took first -> ids that the agent's got instead, while one proposal is folded. */
  readonly renumbered: Readonly<Record<string, string>>;
  readonly verifications: readonly VerificationRecord[];
  readonly evidence: readonly Evidence[];
  readonly mutations: readonly Mutation[];
  readonly feedback: readonly FeedbackRecord[];
  /** Taken of the workspace's pages, oldest first. */
  readonly screenshots: readonly PageScreenshot[];
  readonly comments: readonly CommentRecord[];
  /** Highest number that a comment ever had. */
  readonly highestComment: number;
  /** What people changed in the workspace themselves, oldest first; of what agents were told long ago only the last. */
  readonly edits: readonly EditRecord[];
  readonly guidance: GuidanceState;
  readonly questions: readonly QuestionRecord[];
  readonly approval: {
    readonly checkpointId: string;
    readonly tree: string;
    readonly notProven: readonly string[];
  } | null;
  readonly exports: readonly ExportRecord[];
  /** Advances of what deliveries are for, oldest first. */
  readonly bases: readonly BaseRecord[];
  readonly waivedSecrets: readonly WaivedSecrets[];
  readonly egress: readonly {
    readonly host: string;
    readonly port: number;
    readonly allowed: boolean;
    readonly count: number;
  }[];
  readonly limits: readonly string[];
  readonly usage: Usage;
  /** Model that the next step asks; null when none was named. */
  readonly model: string | null;
  readonly budgetUsd: number | null;
  readonly modelCall: ModelCallRecord | null;
  /** Requests without an end so far: under way, or of a worker that died. */
  readonly openModelCalls: readonly Pick<ModelCallRecord, 'step' | 'callId' | 'reservedUsd'>[];
  /** Tokens that the model was last shown. */
  readonly contextTokens: number;
}
