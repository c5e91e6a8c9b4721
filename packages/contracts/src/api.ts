import { z } from 'zod';
import { CheckProposal } from './check.ts';
import { ReviewComment } from './comment.ts';
import { Destination } from './destination.ts';
import { TrustMark } from './guidance.ts';
import { CheckpointId, CheckpointName, Digest, HeldOutId, RequirementId, RestoredPaths, RunId } from './ids.ts';
import { limits } from './limits.ts';
import { ModelRef } from './model.ts';
import { OwnAgent, WireFormat } from './own-agents.ts';
import { Priority } from './requirement.ts';
import { SecretWaiver } from './secret-waiver.ts';

/** RFC 9457. `code` is stable, `detail` says what, which and what to do. */
export const Problem = z.object({
  type: z.string().default('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** Seconds after which the same request may be taken; left out where waiting does not help. Also in the header Retry-After. */
  retryAfter: z.int().positive().optional(),
  /** With code file_changed: what the file is now, so that nobody has to ask for the other side. `text` is null for no text. */
  current: z.object({ digest: z.string().nullable(), text: z.string().nullable() }).optional(),
});
export type Problem = z.infer<typeof Problem>;

const reason = z.string().trim().min(1, 'say why').max(2000);

/** Bodies of the commands POST /api/runs/:id/commands takes: what a person may say to a run. */
export const RunCommand = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('approve-plan'), version: z.int() }),
  z.strictObject({
    do: z.literal('return-plan'),
    version: z.int(),
    feedback: z.string().trim().min(1).max(limits.feedbackBytes),
  }),
  z.strictObject({
    do: z.literal('add-requirement'),
    text: z.string().trim().min(1).max(limits.requirementBytes),
    priority: Priority.default('must'),
  }),
  z.strictObject({
    do: z.literal('reword-requirement'),
    id: RequirementId,
    text: z.string().trim().min(1).max(limits.requirementBytes),
    priority: Priority.default('must'),
  }),
  z.strictObject({ do: z.literal('remove-requirement'), id: RequirementId }),
  z.strictObject({ do: z.literal('waive-requirement'), id: RequirementId, reason }),
  z.strictObject({ do: z.literal('accept-requirement'), id: RequirementId, reason, tree: Digest }),
  /** A check that the agent is never shown. It counts from now on, as it is. */
  z.strictObject({ do: z.literal('hold-out-check'), requirementId: RequirementId, check: CheckProposal }),
  z.strictObject({ do: z.literal('drop-held-out-check'), id: HeldOutId }),
  z.strictObject({
    do: z.literal('answer'),
    questionId: z.string(),
    answer: z.string().trim().min(1).max(limits.feedbackBytes),
  }),
  z.strictObject({
    do: z.literal('feedback'),
    text: z.string().trim().min(1).max(limits.feedbackBytes),
    mode: z.enum(['steer', 'queue']).default('steer'),
    /** Digests of screenshots that were taken of this run's workspace. */
    screenshots: z.array(Digest).max(3).optional(),
  }),
  /** Into the tray; `send-review` sends all that are in it as one message. */
  z.strictObject({ do: z.literal('comment'), comment: ReviewComment }),
  z.strictObject({ do: z.literal('withdraw-comment'), commentId: z.string() }),
  z.strictObject({
    do: z.literal('send-review'),
    text: z.string().max(8000).default(''),
    mode: z.enum(['steer', 'queue']).default('steer'),
  }),
  /** A person says that it is done. */
  z.strictObject({ do: z.literal('address-comment'), commentId: z.string() }),
  z.strictObject({ do: z.literal('withdraw-feedback'), feedbackId: z.string() }),
  /** Other words for feedback that no step has taken in yet, or another time for it. */
  z.strictObject({
    do: z.literal('edit-feedback'),
    feedbackId: z.string(),
    text: z.string().trim().min(1).max(limits.feedbackBytes),
    mode: z.enum(['steer', 'queue']),
  }),
  /** From the next step on. */
  z.strictObject({ do: z.literal('choose-model'), model: ModelRef }),
  /** The most that the run's models may cost altogether, what they cost until now included. */
  z.strictObject({ do: z.literal('set-budget'), budgetUsd: z.number().positive().max(100_000) }),
  /** The agent follows what the files bring at this place, as long as it is these bytes; remembered for the project. */
  z.strictObject({ do: z.literal('trust-guidance'), ...TrustMark.shape }),
  z.strictObject({ do: z.literal('distrust-guidance'), ...TrustMark.shape }),
  /** What the newest delivery of this kind is for went on: it is merged into the run's files, which are verified and approved anew. */
  z.strictObject({ do: z.literal('take-base'), exportId: z.string().min(1).max(300) }),
  /** What looks like secrets at these places may go with this tree. The next delivery takes it in. */
  z.strictObject({ do: z.literal('waive-secrets'), tree: Digest, ...SecretWaiver.shape }),
  z.strictObject({ do: z.literal('pause') }),
  z.strictObject({ do: z.literal('resume') }),
  z.strictObject({ do: z.literal('cancel') }),
  /** All of a checkpoint, or only these files and folders of it. The present is kept as a checkpoint first. */
  z.strictObject({ do: z.literal('restore'), checkpointId: CheckpointId, paths: RestoredPaths.optional() }),
  /** Back to what was there before the last restore. Saying it again brings the restored files back. */
  z.strictObject({ do: z.literal('undo-restore') }),
  /** Null takes the name away. */
  z.strictObject({ do: z.literal('name-checkpoint'), checkpointId: CheckpointId, name: CheckpointName.nullable() }),
  /** A pinned checkpoint stays when the run is archived. */
  z.strictObject({ do: z.literal('pin-checkpoint'), checkpointId: CheckpointId }),
  z.strictObject({ do: z.literal('unpin-checkpoint'), checkpointId: CheckpointId }),
  /** Binds the approval to this exact tree; refused as approval_stale when the run has moved on. */
  z.strictObject({
    do: z.literal('approve-result'),
    tree: Digest,
    destinations: z.array(Destination).max(10).default([]),
  }),
  /** Delivers the approved tree again, or to another destination. */
  z.strictObject({ do: z.literal('export'), destination: Destination }),
]);
export type RunCommand = z.infer<typeof RunCommand>;
export type RunCommandInput = z.input<typeof RunCommand>;

/** A line of GET /api/runs. */
export const RunSummary = z.object({
  id: z.string(),
  name: z.string(),
  agent: z.string(),
  state: z
    .string()
    .describe(
      'stage in one word: queued, planning, working, verifying, waiting, paused, delivering, delivered, finished, failed, cancelled',
    ),
  sentence: z.string().describe('what it waits for or does, for people'),
  needsPerson: z.boolean(),
  requirements: z.object({ total: z.int(), proven: z.int() }),
  archived: z.literal(true).optional(),
  forkedFrom: z.object({ runId: RunId, checkpointId: CheckpointId }).optional(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type RunSummary = z.infer<typeof RunSummary>;

/** A line of GET /api/agents. */
export const AgentCard = z.object({
  id: z.string(),
  title: z.string(),
  note: z.string(),
  needsModel: z.boolean(),
  available: z.boolean(),
  why: z.string().describe('why it is not available, and what mends it; empty when it is'),
});
export type AgentCard = z.infer<typeof AgentCard>;

/** A line of GET /api/agents/gallery: an agent as people look after it. */
export const AgentInGallery = AgentCard.extend({
  wire: WireFormat.nullable().describe(
    'what its program speaks with the model; null when it has no program that asks one',
  ),
  program: z
    .object({
      package: z.string(),
      version: z.string(),
      state: z
        .enum(['absent', 'fetching', 'ready', 'unknown'])
        .describe('unknown: what is there could not be looked at; problem says why'),
      bytes: z
        .int()
        .nullable()
        .describe('what it takes on this machine now, growing while it is fetched; null: nothing'),
      problem: z.string().describe('why it could not be fetched or looked at the last time; empty when it could'),
    })
    .nullable()
    .describe('what is fetched from npm at its first use; null when nothing is'),
  lastRun: RunSummary.pick({ id: true, name: true, state: true, sentence: true, updatedAt: true })
    .nullable()
    .describe('the run of it that changed last'),
  canTry: z.boolean().describe('POST /api/agents/:id/try can start it to see whether it works'),
  own: OwnAgent.nullable().describe('how a person set it up; null for one that comes with the factory'),
});
export type AgentInGallery = z.infer<typeof AgentInGallery>;

/** One probe of `devfactory doctor` and GET /api/doctor. */
export const DoctorCheck = z.object({
  name: z.string(),
  outcome: z.enum(['ok', 'warning', 'error']),
  found: z.string(),
  fix: z.string().describe('a command or a sentence; empty when nothing is to do'),
});
export type DoctorCheck = z.infer<typeof DoctorCheck>;
