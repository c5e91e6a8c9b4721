import { z } from 'zod';
import { CheckProposal } from './check.ts';
import { RequirementId } from './ids.ts';
import { limits } from './limits.ts';

export const Priority = z.enum(['must', 'should', 'could']);

/** A wish as a person types it. */
export const RequirementWish = z.strictObject({
  text: z.string().trim().min(1).max(limits.requirementBytes),
  priority: Priority.default('must'),
});
export type RequirementWish = z.infer<typeof RequirementWish>;

/** A tracked wish. `version` counts its wordings; a new wording makes older evidence stale. */
export const Requirement = z.strictObject({
  id: RequirementId,
  version: z.int().min(1),
  text: z.string(),
  priority: Priority,
  /** Who worded it: a person's words are never changed by an agent. 'source': the tests that the first files brought along. */
  origin: z.enum(['person', 'agent', 'source']),
  /** The agent's own word that it cannot meet this, and why. Never a status. */
  cannot: z.string().max(1000).optional(),
});
export type Requirement = z.infer<typeof Requirement>;

/**
 * One line of a plan proposal. With `id` it adds checks to a requirement that exists (its wording stays); without, it is a new requirement.
 */
export const RequirementProposal = z.strictObject({
  id: RequirementId.optional(),
  text: z.string().trim().min(1).max(limits.requirementBytes),
  priority: Priority.default('must'),
  checks: z.array(CheckProposal).max(limits.checksPerRequirement).default([]),
  cannot: z.string().max(1000).optional(),
});
export type RequirementProposal = z.infer<typeof RequirementProposal>;

/** The input of the tool `propose_requirements`. */
export const PlanProposal = z.strictObject({
  summary: z.string().max(4000).default(''),
  requirements: z.array(RequirementProposal).max(limits.requirements),
});
export type PlanProposal = z.infer<typeof PlanProposal>;
