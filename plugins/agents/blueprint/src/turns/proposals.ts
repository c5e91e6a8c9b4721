import type { RequirementProposal } from '@devfactory/contracts';
import { readWish, type Reading } from '../reading/reader.ts';
import type { Behaviour } from '../requirements/behaviour.ts';
import { derivedBehaviours } from '../requirements/catalogue.ts';
import { clausesOf, sentencesOf } from '../understand/text.ts';
import type { Project } from './project.ts';

const mostChecks = 20;

/** A requirement that exists, with the checks that its words ask for, or the word that it cannot be met. */
export function answerTo(
  requirement: { readonly id: string; readonly text: string; readonly priority: RequirementProposal['priority'] },
  project: Project,
): RequirementProposal {
  const { id, text, priority } = requirement;
  const reading = readWish(text, project);
  const checks = reading.behaviours.flatMap((behaviour) => behaviour.checks);
  const cannot = whyNot(reading, checks.length, project);
  return cannot === null ? { id, text, priority, checks: [...checks] } : { id, text, priority, checks: [], cannot };
}

function whyNot({ behaviours, leftover }: Reading, checks: number, { blueprint }: Project): string | null {
  if (leftover.length > 0)
    return `The ${blueprint.title} blueprint has nothing that answers ${quoted(leftover)}. It follows fixed rules and is no model.`;
  if (behaviours.length === 0)
    return `The ${blueprint.title} blueprint finds nothing in this that it could build and check. It follows fixed rules and is no model.`;
  return checks > mostChecks
    ? `This asks for ${checks} checks and one requirement has at most ${mostChecks}; split it into several.`
    : null;
}

function quoted(words: readonly string[]): string {
  return (
    words
      .slice(0, 8)
      .map((word) => `"${word.slice(0, 60)}"`)
      .join(', ') + (words.length > 8 ? ' and more' : '')
  );
}

export function proposalOf(behaviour: Behaviour): RequirementProposal {
  return { text: behaviour.text, priority: 'must', checks: behaviour.checks.slice(0, mostChecks) };
}

/** Requirements for a prompt that came without any. */
export function derivedProposals(project: Project, prompt: string): RequirementProposal[] {
  const derived = derivedBehaviours(project.catalogue);
  const extra = askedIn(prompt, project).filter(
    (behaviour) => !derived.includes(behaviour) && !coveredByDerived.test(behaviour.key),
  );
  return [...derived, ...extra].map(proposalOf);
}

/** Behaviours that a derived requirement of another name checks as well. */
const coveredByDerived =
  /\.(?:persist|replace|change|field|type|required|optional)(?:\.|$)|^(?:sqlite|language|factory|wsgi)$/;

/** What a loosely worded text asks for, sentence by sentence. */
function askedIn(text: string, project: Project): Behaviour[] {
  const behaviours = sentencesOf(text).flatMap(
    (sentence) => readWish(sentence, { ...project, loose: true }).behaviours,
  );
  return [...new Set(behaviours)];
}

/** Parts of a prompt that the blueprint has nothing for, as requirements that it cannot meet. */
export function unmetOf(prompt: string, project: Project): RequirementProposal[] {
  const frameworks = project.instead.map((name): RequirementProposal => ({
    text: `The API shall be built with ${name}.`,
    priority: 'must',
    checks: [],
    cannot: `The ${project.blueprint.title} blueprint uses Node's own HTTP server and no framework.`,
  }));
  const named = new Set(project.instead.map((name) => name.toLowerCase()));
  const clauses = sentencesOf(prompt)
    .flatMap((sentence) => unmetClauses(sentence, project))
    .filter(({ words }) => words.some((word) => !named.has(word)));
  return [
    ...frameworks,
    ...clauses.map(({ text, words }): RequirementProposal => ({
      text: text.slice(0, 1000),
      priority: 'must',
      checks: [],
      cannot: `This part of the prompt is beyond the ${project.blueprint.title} blueprint: it has nothing that answers ${quoted(words)}.`,
    })),
  ];
}

function unmetClauses(sentence: string, project: Project): { text: string; words: readonly string[] }[] {
  const { leftover } = readWish(sentence, { ...project, loose: true });
  if (leftover.length === 0) return [];
  const parts = clausesOf(sentence)
    .map((text) => ({
      text,
      words: readWish(text, { ...project, loose: true }).leftover.filter((word) => leftover.includes(word)),
    }))
    .filter(({ words }) => words.length > 0);
  const placed = new Set(parts.flatMap(({ words }) => words));
  // A word that no part shows on its own is shown with its whole sentence.
  return leftover.every((word) => placed.has(word)) ? parts : [{ text: sentence, words: leftover }];
}
