import { randomUUID } from 'node:crypto';
import {
  canonicalJson,
  CheckSpec,
  counted,
  limits,
  shownToAgents,
  type Check,
  type CheckProposal,
  type CreateRun,
  type RequirementProposal,
  type RunState,
  type Fact,
} from '@devfactory/contracts';
import type { BlobStore } from '@devfactory/kit';
import { failed, ok, type InputOf, type ToolContext, type ToolOutcome } from './tool.ts';

/** Takes an agent's proposal in: new requirements, checks, and honest words about what it cannot meet. It locks nothing. */
export async function proposeRequirements(
  { session, purpose }: ToolContext,
  input: InputOf<'propose_requirements'>,
): Promise<ToolOutcome> {
  const draft = new Draft(shownToAgents(session.state), purpose);
  for (const proposal of input.requirements) {
    const problem = (await draft.take(session.deps.blobs, proposal)) ?? nothingToKeep(session.request, proposal);
    if (problem) return failed(problem);
  }
  const full = draft.full();
  if (full) return failed(full);
  const added = draft.facts.filter((fact) => fact.type === 'check.proposed').length;
  return ok(
    `Took in ${counted(input.requirements.length, 'requirement')} with ${counted(added, 'check')}. They count after approval.`,
    draft.facts,
  );
}

/** On an empty base a check that passes there passes on anything: as 'keep' it would call that proven. */
function nothingToKeep(request: CreateRun, { checks }: RequirementProposal): string | null {
  const keep = request.source.kind === 'empty' ? checks.find((check) => check.intent === 'keep') : undefined;
  return keep
    ? `The run began with no files, so there is nothing for "${keep.title}" to keep; propose it with intent change.`
    : null;
}

class Draft {
  readonly facts: Fact[] = [];
  readonly #state: RunState;
  readonly #purpose: ToolContext['purpose'];
  #requirement: number;
  #check: number;
  /** Requirement -> number of its checks, as the proposal leaves it. */
  readonly #checks = new Map<string, number>();
  readonly #taken = new Set<string>();

  constructor(state: RunState, purpose: ToolContext['purpose']) {
    this.#state = state;
    this.#purpose = purpose;
    // A number that had an owner is never given again: marks and evidence still name it.
    this.#requirement = state.highestRequirement + 1;
    this.#check = nextNumber([
      ...[...state.checks, ...state.plan.locked].map((item) => item.id),
      ...state.evidence.map((item) => item.checkId),
    ]);
    for (const check of state.checks)
      this.#checks.set(check.requirementId, (this.#checks.get(check.requirementId) ?? 0) + 1);
  }

  /** Null, or why the whole proposal is refused. */
  async take(blobs: BlobStore, proposal: RequirementProposal): Promise<string | null> {
    const known = proposal.id ? this.#state.requirements.find((item) => item.id === proposal.id) : undefined;
    if (proposal.id && !known) return `There is no requirement ${proposal.id}; leave the id out to propose a new one.`;
    if (known?.origin === 'source')
      return `${known.id} are the project's own tests, which are locked as they were; leave it out of the proposal. Only a person can change it.`;
    if (known && this.#taken.has(known.id)) return `${known.id} is there twice; put all its checks into one entry.`;
    // An agent that fails a locked check must not get to replace it: only a plan that a person sent back may change it.
    if (
      known &&
      this.#purpose !== 'plan' &&
      this.#state.plan.locked.some((check) => check.requirementId === known.id)
    ) {
      return `The checks of ${known.id} are locked. Only a person can send the plan back.`;
    }
    const id = known?.id ?? `R-${this.#requirement++}`;
    if (!known) {
      const { text, priority } = proposal;
      this.facts.push({
        type: 'requirement.added',
        data: { requirement: { id, version: 1, text, priority, origin: 'agent' } },
      });
    }
    if ((proposal.cannot ?? '') !== (known?.cannot ?? ''))
      this.facts.push({ type: 'requirement.declined', data: { id, reason: proposal.cannot ?? '' } });
    this.#taken.add(id);
    this.#checks.set(id, proposal.checks.length);
    await this.#replaceChecks(blobs, id, proposal.checks);
    return null;
  }

  /** Why a run could not carry what the proposal makes of it; null when it can. */
  full(): string | null {
    const requirements =
      this.#state.requirements.length + this.facts.filter((fact) => fact.type === 'requirement.added').length;
    if (requirements > limits.requirements || this.#requirement > 10_000)
      return `A run tracks at most ${limits.requirements} requirements; this would make ${requirements}.`;
    const checks = [...this.#checks.values()].reduce((sum, count) => sum + count, 0);
    return checks > limits.checks
      ? `A plan holds at most ${limits.checks} checks; this would make ${checks}. Ask more in each check.`
      : null;
  }

  /** The proposal's checks are the requirement's checks from now on. One that stays the same keeps its id and version, and so its evidence. */
  async #replaceChecks(blobs: BlobStore, requirementId: string, proposals: readonly CheckProposal[]): Promise<void> {
    const old = this.#state.checks.filter((check) => check.requirementId === requirementId);
    for (const [index, proposal] of proposals.entries()) {
      const spec = await blobs.put(new TextEncoder().encode(canonicalJson(CheckSpec.parse(proposal.spec))));
      const { title, intent, timeoutMs } = proposal;
      const before = old[index];
      const id = before?.id ?? `C-${this.#check++}`;
      const check: Check = {
        id,
        version: before?.version ?? 1,
        requirementId,
        title,
        intent,
        timeoutMs,
        kind: proposal.spec.kind,
        spec,
      };
      if (before && canonicalJson(before) === canonicalJson(check)) continue;
      this.facts.push({
        type: 'check.proposed',
        data: { check: before ? { ...check, version: before.version + 1 } : check },
      });
    }
    for (const check of old.slice(proposals.length)) this.facts.push({ type: 'check.removed', data: { id: check.id } });
  }
}

/** A question to the person: the turn ends and goes on with the answer. */
export async function ask(_: ToolContext, input: InputOf<'ask'>): Promise<ToolOutcome> {
  const questionId = randomUUID();
  return ok('The person was asked; the turn goes on with their answer.', [
    { type: 'question.asked', data: { questionId, question: input.question, options: input.options } },
  ]);
}

/** The agent's word that it has no more to do. It changes no status. */
export async function finish(): Promise<ToolOutcome> {
  return ok('The turn ends. What is proven is decided by the verifier.');
}

function nextNumber(ids: readonly string[]): number {
  return ids.reduce((most, id) => Math.max(most, Number(id.slice(2))), 0) + 1;
}
