import { randomUUID } from 'node:crypto';
import { canonicalJson, CheckSpec, type Check, type CheckProposal, type RequirementProposal, type RunState } from '@devfactory/contracts';
import type { BlobStore } from '@devfactory/kit';
import type { Fact } from '../run/journal.ts';
import { failed, ok, type InputOf, type ToolContext, type ToolOutcome } from './tool.ts';

/** Takes an agent's proposal in: new requirements, checks, and honest words about what it cannot meet. It locks nothing. */
export async function proposeRequirements({ session, purpose }: ToolContext, input: InputOf<'propose_requirements'>): Promise<ToolOutcome> {
  const draft = new Draft(session.state, purpose);
  for (const proposal of input.requirements) {
    const problem = await draft.take(session.deps.blobs, proposal);
    if (problem) return failed(problem);
  }
  const added = draft.facts.filter((fact) => fact.type === 'check.proposed').length;
  return ok(`Took in ${input.requirements.length} requirements with ${added} checks. They count after approval.`, draft.facts);
}

class Draft {
  readonly facts: Fact[] = [];
  readonly #state: RunState;
  readonly #purpose: ToolContext['purpose'];
  #requirement: number;
  #check: number;

  constructor(state: RunState, purpose: ToolContext['purpose']) {
    this.#state = state;
    this.#purpose = purpose;
    this.#requirement = nextNumber(state.requirements.map((item) => item.id));
    this.#check = nextNumber([...state.checks, ...state.plan.locked].map((item) => item.id));
  }

  /** Null, or why the whole proposal is refused. */
  async take(blobs: BlobStore, proposal: RequirementProposal): Promise<string | null> {
    const known = proposal.id ? this.#state.requirements.find((item) => item.id === proposal.id) : undefined;
    if (proposal.id && !known) return `There is no requirement ${proposal.id}; leave the id out to propose a new one.`;
    // An agent that fails a locked check must not get to replace it: only a plan that a person sent back may change it.
    if (known && this.#purpose !== 'plan' && this.#state.plan.locked.some((check) => check.requirementId === known.id)) {
      return `The checks of ${known.id} are locked. Only a person can send the plan back.`;
    }
    const id = known?.id ?? `R-${this.#requirement++}`;
    if (!known) {
      const { text, priority } = proposal;
      this.facts.push({ type: 'requirement.added', data: { requirement: { id, version: 1, text, priority, origin: 'agent' } } });
    }
    if ((proposal.cannot ?? '') !== (known?.cannot ?? '')) this.facts.push({ type: 'requirement.declined', data: { id, reason: proposal.cannot ?? '' } });
    await this.#replaceChecks(blobs, id, proposal.checks);
    return null;
  }

  /** The proposal's checks are the requirement's checks from now on. One that stays the same keeps its id and version, and so its evidence. */
  async #replaceChecks(blobs: BlobStore, requirementId: string, proposals: readonly CheckProposal[]): Promise<void> {
    const old = this.#state.checks.filter((check) => check.requirementId === requirementId);
    for (const [index, proposal] of proposals.entries()) {
      const spec = await blobs.put(new TextEncoder().encode(canonicalJson(CheckSpec.parse(proposal.spec))));
      const { title, intent, timeoutMs } = proposal;
      const before = old[index];
      const id = before?.id ?? `C-${this.#check++}`;
      const check: Check = { id, version: before?.version ?? 1, requirementId, title, intent, timeoutMs, kind: proposal.spec.kind, spec };
      if (before && canonicalJson(before) === canonicalJson(check)) continue;
      this.facts.push({ type: 'check.proposed', data: { check: before ? { ...check, version: before.version + 1 } : check } });
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
