import { z } from 'zod';
import { Check, HeldOutCheck } from './check.ts';
import { Checkpoint } from './checkpoint.ts';
import { ReviewComment } from './comment.ts';
import { deliveryData } from './delivery-events.ts';
import { Evidence } from './evidence.ts';
import { FileChange } from './file-change.ts';
import { GuidanceItem, mostGuidance, TrustMark } from './guidance.ts';
import {
  CheckpointId,
  CheckpointName,
  Digest,
  GitCommit,
  HeldOutId,
  RequirementId,
  RestoredPaths,
  RunId,
} from './ids.ts';
import { ModelRef } from './model.ts';
import { Mutation } from './mutation.ts';
import { OutsideVoice } from './outside.ts';
import { Priority, Requirement } from './requirement.ts';
import { CreateRun, Usage } from './run.ts';
import { PageScreenshot } from './screenshot.ts';

/** Who did it. */
export const Actor = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('person'), name: z.string().max(200) }),
  z.strictObject({ kind: z.literal('agent'), id: z.string().max(100) }),
  z.strictObject({ kind: z.literal('factory') }),
  z.strictObject({ kind: z.literal('verifier') }),
]);
export type Actor = z.infer<typeof Actor>;

const text = z.string().max(20_000);
const reason = z.string().min(1).max(2000);

/** The facts a run can be made of: `noun.verb` in the past tense -> its data. A shape is a promise: it may grow, never change. */
export const eventData = {
  'run.created': z.strictObject({
    name: z.string(),
    /** The request without prompt and agentOptions, which may be larger than an event. */
    request: CreateRun.omit({ prompt: true, requirements: true, agentOptions: true }),
    /** Blob with the whole CreateRun as JSON. */
    body: Digest,
    /** First 2,000 characters of the prompt. */
    promptHead: z.string(),
    /** Who asked for it outside, and where; left out for a person here. */
    from: OutsideVoice.optional(),
  }),
  /** Its first files are this checkpoint of another run. Named whole, so that it outlives that run. Older forks do not have it. */
  'run.forked': z.strictObject({ from: RunId, name: z.string(), checkpoint: Checkpoint }),
  /** The commit of a git repository that the first files are. */
  'source.imported': z.strictObject({ url: z.string(), commit: GitCommit }),
  /** What the run began with was looked at, and its own tests were run: those that passed are kept as checks. */
  'source.surveyed': z.strictObject({
    checkpointId: CheckpointId,
    files: z.int(),
    bytes: z.int(),
    toolchains: z.array(z.strictObject({ id: z.string(), title: z.string() })).max(20),
    kept: z.int(),
    red: z.int(),
    /** True when its tests could not be run for reasons that are none of the project's: what held before the work is not known. */
    hindered: z.boolean().optional(),
    /** The first of those that did not pass. */
    redTests: z.array(z.string()).max(50),
    notes: z
      .array(
        z.strictObject({
          kind: z.enum([
            'submodules',
            'lfs',
            'large-files',
            'broken-manifest',
            'no-build-system',
            'several-build-systems',
            'tests-red',
            'tests-not-run',
            'tests-not-kept',
          ]),
          sentence: z.string().max(1000),
          paths: z.array(z.string()).max(20),
        }),
      )
      .max(20),
  }),
  'requirement.added': z.strictObject({ requirement: Requirement }),
  'requirement.reworded': z.strictObject({ id: RequirementId, version: z.int(), text: z.string(), priority: Priority }),
  'requirement.removed': z.strictObject({ id: RequirementId }),
  'requirement.waived': z.strictObject({ id: RequirementId, reason }),
  'requirement.accepted': z.strictObject({ id: RequirementId, reason, tree: Digest }),
  'requirement.declined': z
    .strictObject({ id: RequirementId, reason: z.string().max(1000) })
    .describe('the agent says it cannot meet it'),
  'workspace.opened': z.strictObject({ driver: z.string(), notEnforced: z.array(z.string()) }),
  'workspace.closed': z.strictObject({ reason }),
  /** Its files are not on this machine; they come back from this checkpoint, and are whole at the next `workspace.opened`. */
  'workspace.lost': z.strictObject({ checkpointId: CheckpointId }),
  'checkpoint.made': z.strictObject({ checkpoint: Checkpoint }),
  /** `paths`: only these were. `before`: the checkpoint that undoes it. Older logs have neither. */
  'checkpoint.restored': z.strictObject({
    checkpointId: CheckpointId,
    paths: RestoredPaths.optional(),
    before: CheckpointId.optional(),
  }),
  'checkpoint.named': z.strictObject({ checkpointId: CheckpointId, name: CheckpointName.nullable() }),
  'checkpoint.pinned': z.strictObject({ checkpointId: CheckpointId }),
  'checkpoint.unpinned': z.strictObject({ checkpointId: CheckpointId }),
  'restore.requested': z.strictObject({ checkpointId: CheckpointId, paths: RestoredPaths.optional() }),
  /** The present is kept as `before`; the files change from here on, however often that is cut off. */
  'restore.started': z.strictObject({ checkpointId: CheckpointId, before: CheckpointId }),
  /** The files are what they were before it. */
  'restore.failed': z.strictObject({ checkpointId: CheckpointId, paths: RestoredPaths.optional(), reason }),
  'check.proposed': z.strictObject({ check: Check }),
  'check.removed': z.strictObject({ id: z.string() }),
  /** A check that the agent is never shown. It is executed by this exact digest from here on. */
  'check.held-out': HeldOutCheck,
  /** The second model was asked for held-out checks of this wording. `sentence`: why there are none; empty when there are some. */
  'check.held-out-asked': z.strictObject({
    requirementId: RequirementId,
    requirementVersion: z.int(),
    model: z.string().max(300),
    sentence: z.string().max(1000),
  }),
  'check.held-out-dropped': z.strictObject({ id: HeldOutId }),
  'plan.proposed': z.strictObject({ version: z.int(), summary: z.string().max(4000) }),
  /** Locks: from here on these exact check digests are what is executed. `lock` is the SHA-256 over them. */
  'plan.approved': z.strictObject({
    version: z.int(),
    lock: Digest,
    checks: z.array(z.strictObject({ id: z.string(), version: z.int(), digest: Digest })),
  }),
  'plan.returned': z.strictObject({ version: z.int(), feedback: text }),
  'turn.started': z.strictObject({
    turn: z.int(),
    purpose: z.enum(['plan', 'work', 'repair']),
    why: z.string().max(2000),
  }),
  'turn.ended': z.strictObject({
    turn: z.int(),
    outcome: z.enum(['finished', 'asked', 'exhausted', 'failed', 'stopped']),
    summary: z.string().max(8000),
  }),
  /** The agent's program is fetched now, which takes its time once; without `agent.installed` behind it, that did not succeed. */
  'agent.installing': z.strictObject({ package: z.string(), version: z.string() }),
  'agent.installed': z.strictObject({ package: z.string(), version: z.string(), durationMs: z.number() }),
  'step.started': z.strictObject({ step: z.int(), turn: z.int() }),
  /** The agent's answer is durable before any of its calls runs. `body` is a blob with { text, calls }. */
  'step.answered': z.strictObject({
    step: z.int(),
    body: Digest,
    text: z.string().max(4000),
    calls: z.array(z.strictObject({ id: z.string(), tool: z.string(), title: z.string().max(300) })).max(200),
    usage: Usage,
    /** True when the turn goes on although nothing was called. */
    goesOn: z.boolean().optional(),
  }),
  /** A request goes out to a model now. Without a `model.answered` or `model.failed` behind it, its worker died meanwhile. */
  'model.called': z.strictObject({
    step: z.int(),
    callId: z.string(),
    model: z.string(),
    /** 1 for the first time the step asks this, then the number of tries. */
    attempt: z.int(),
    /** What the call costs at most, taken from the budget until it is known. */
    reservedUsd: z.number().min(0),
  }),
  'model.answered': z.strictObject({
    step: z.int(),
    callId: z.string(),
    finish: z.string().max(100),
    durationMs: z.number(),
    firstTokenMs: z.number().nullable(),
    usage: Usage,
  }),
  /** `retryInMs`: how long until it is asked again; null when it is not. */
  'model.failed': z.strictObject({
    step: z.int(),
    callId: z.string(),
    code: z.string(),
    reason,
    retryInMs: z.number().nullable(),
    usage: Usage,
  }),
  /** The agent left older steps out of what the model is shown. Requirements and plan stay in whole. */
  'context.compacted': z.strictObject({ step: z.int(), reason, keptFrom: z.int(), tokens: z.int() }),
  /** A person chose another model; the next step asks it. */
  'model.chosen': z.strictObject({ model: ModelRef }),
  'budget.set': z.strictObject({ budgetUsd: z.number().positive() }),
  'step.ended': z.strictObject({ step: z.int(), durationMs: z.number(), checkpointId: CheckpointId.nullable() }),
  'tool.started': z.strictObject({ step: z.int(), callId: z.string(), tool: z.string(), title: z.string().max(300) }),
  'tool.ended': z.strictObject({
    step: z.int(),
    callId: z.string(),
    outcome: z.enum(['ok', 'error', 'interrupted']),
    exitCode: z.int().nullable(),
    durationMs: z.number(),
    excerpt: z.string(),
    /** Blob with the whole answer the agent got; null where the excerpt is all of it. */
    body: Digest.nullable(),
  }),
  'question.asked': z.strictObject({ questionId: z.string(), question: z.string(), options: z.array(z.string()) }),
  'question.answered': z.strictObject({ questionId: z.string(), answer: text }),
  /** steer: delivered at the next step boundary. queue: when the turn ends. */
  'feedback.given': z.strictObject({
    feedbackId: z.string(),
    mode: z.enum(['steer', 'queue']),
    text,
    /** Left out for a person's words here. */
    from: OutsideVoice.optional(),
    /** Taken before, and attached. */
    screenshots: z.array(PageScreenshot).min(1).max(3).optional(),
  }),
  /** What a page of the workspace looked like when a person asked. */
  'screenshot.taken': PageScreenshot,
  /** Before a step took it in. */
  'feedback.edited': z.strictObject({ feedbackId: z.string(), mode: z.enum(['steer', 'queue']), text }),
  'feedback.withdrawn': z.strictObject({ feedbackId: z.string() }),
  'feedback.delivered': z.strictObject({ feedbackId: z.string(), step: z.int() }),
  /** A person says something about lines of code; it waits until all of them are sent. */
  'comment.added': z.strictObject({ commentId: z.string(), comment: ReviewComment }),
  'comment.removed': z.strictObject({ commentId: z.string() }),
  /** They went to the agent as one message. */
  'comment.sent': z.strictObject({ commentIds: z.array(z.string()).max(100), feedbackId: z.string() }),
  /** By a person who says so, or by the factory when the code that was quoted is another one after the turn that took it in. */
  'comment.addressed': z.strictObject({ commentId: z.string(), checkpointId: CheckpointId }),
  /** What people's settings give this run to follow, all of it. */
  'guidance.declared': z.strictObject({ items: z.array(GuidanceItem).max(mostGuidance) }),
  /** What the files bring that would steer an agent, all of it. It is data until a person trusts it. */
  'guidance.found': z.strictObject({
    checkpointId: CheckpointId,
    items: z.array(GuidanceItem).max(mostGuidance),
    leftOut: z.int(),
  }),
  /** By a person; by the factory where a person trusted the same bytes at the same place in an earlier run of the project. */
  'guidance.trusted': TrustMark,
  'guidance.distrusted': TrustMark,
  /** A server of tools was asked what it offers, once for what names it. `body`: a blob with its tools; null when it could not be asked. */
  'server.listed': z.strictObject({
    turn: z.int(),
    name: z.string().max(24),
    hash: Digest,
    tools: z.int(),
    body: Digest.nullable(),
    trouble: z.string().max(500),
  }),
  /** A person changed a file of the workspace themselves. The next step's agent is told. */
  'file.changed': FileChange,
  /** The checkpoint has what people changed up to this event of the log. */
  'file.kept': z.strictObject({ upTo: z.int(), checkpointId: CheckpointId }),
  'verification.started': z.strictObject({
    verificationId: z.string(),
    checkpointId: CheckpointId,
    tree: Digest,
    onBase: z.boolean(),
    checks: z.int(),
  }),
  'evidence.recorded': z.strictObject({ evidence: Evidence }),
  'verification.ended': z.strictObject({
    verificationId: z.string(),
    outcome: z.enum(['complete', 'interrupted']),
    note: z.string().max(2000),
  }),
  /** The checks of a review candidate are judged by mutants of the code that changed. What has no `mutation.recorded` is asked again. */
  'mutation.started': z.strictObject({ checkpointId: CheckpointId, tree: Digest, checks: z.int() }),
  'mutation.recorded': z.strictObject({ mutation: Mutation }),
  /** What the run waits for, in one sentence. Ended by the person's event that answers it. */
  'wait.began': z.strictObject({ for: z.enum(['plan-approval', 'answer', 'review']), sentence: z.string() }),
  'result.approved': z.strictObject({ checkpointId: CheckpointId, tree: Digest, notProven: z.array(RequirementId) }),
  'run.paused': z.strictObject({}),
  'run.resumed': z.strictObject({}),
  'run.cancelled': z.strictObject({}),
  /** Its workspace goes, and its checkpoints but those that are `kept`; the log, the proof and what was delivered stay. */
  'run.archived': z.strictObject({ kept: z.array(CheckpointId).max(1000) }),
  /** The run stopped on a fault; `run.resumed` goes on from where it stood. */
  'run.failed': z.strictObject({ code: z.string(), reason }),
  /** The run's end without a delivery, or after the last one. */
  'run.finished': z.strictObject({ outcome: z.enum(['delivered', 'not-delivered']), sentence: z.string() }),
  ...deliveryData,
  /** Egress decisions of one step or verification, summed by host. */
  'egress.decided': z.strictObject({
    decisions: z
      .array(z.strictObject({ host: z.string(), port: z.int(), allowed: z.boolean(), count: z.int() }))
      .max(100),
  }),
  'limit.reached': z.strictObject({ limit: z.string(), sentence: z.string() }),
} as const;

export type EventType = keyof typeof eventData;
export type EventOf<T extends EventType> = { readonly type: T; readonly data: z.infer<(typeof eventData)[T]> };
/** What happened, before it has an actor, a place and a moment. */
export type Fact = { [T in EventType]: EventOf<T> }[EventType];
/** What happened, before the store gives it a place and a moment. */
export type NewEvent = { [T in EventType]: EventOf<T> & { readonly actor: Actor } }[EventType];
/** An immutable fact in its place. */
export type RunEvent = NewEvent & { readonly runId: string; readonly seq: number; readonly at: string };

export const eventTypes = Object.keys(eventData) as EventType[];

/** Strict parse for writing: unknown fields and types are refused. */
export function parseNewEvent(event: NewEvent): NewEvent {
  const schema = eventData[event.type];
  return { type: event.type, actor: Actor.parse(event.actor), data: schema.parse(event.data) } as NewEvent;
}
