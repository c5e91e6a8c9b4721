import type { RequirementProposal } from '@devfactory/contracts';
import { readWish, type Reading } from '../reading/reader.ts';
import type { Behaviour } from '../requirements/behaviour.ts';
import { derivedBehaviours } from '../requirements/catalogue.ts';
import { bounds } from '../understand/bounds.ts';
import { clausesOf, sentencesOf } from '../understand/text.ts';
import { exampleNote } from '../understand/understand.ts';
import type { Project } from './project.ts';

const mostChecks = 20;

/** A requirement that exists, with the checks that its words ask for, or the word that it cannot be met. */
export function answerTo(
  requirement: { readonly id: string; readonly text: string; readonly priority: RequirementProposal['priority'] },
  project: Project,
): RequirementProposal {
  const { id, text, priority } = requirement;
  if (text.length > bounds.requirementCharacters) {
    const cannot = `This is longer than the ${bounds.requirementCharacters} characters that this agent reads; split it into several.`;
    return { id, text, priority, checks: [], cannot };
  }
  const reading = readWish(text, project);
  const checks = reading.behaviours.flatMap((behaviour) => behaviour.checks);
  const cannot = whyNot(text, { ...reading, checks: checks.length }, project);
  return cannot === null ? { id, text, priority, checks: [...checks] } : { id, text, priority, checks: [], cannot };
}

function whyNot(
  text: string,
  { behaviours, leftover, checks }: Reading & { readonly checks: number },
  { blueprint }: Project,
): string | null {
  if (leftover.length > 0)
    return `${relates(text, blueprint.title)}The ${blueprint.title} blueprint has nothing that answers ${quoted(leftover)}. It follows fixed rules and is no model.`;
  if (behaviours.length === 0)
    return `The ${blueprint.title} blueprint finds nothing in this that it could build and check. It follows fixed rules and is no model.`;
  return checks > mostChecks
    ? `This asks for ${checks} checks and one requirement has at most ${mostChecks}; split it into several.`
    : null;
}

/** Relations are asked for often enough to be named as what they are. */
function relates(text: string, blueprint: string): string {
  const isRelation =
    /\bbelong(?:s|ing)? to\b|\b(?:has|have|having) (?:many|several|multiple|one or more|zero or more)\b|\breferences\b|\bforeign keys?\b|\b(?:one|many)[- ]to[- ](?:one|many)\b/i;
  return isRelation.test(text) ? `The ${blueprint} blueprint builds no relations between things. ` : '';
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
  const behaviours = sentencesOf(text.slice(0, bounds.promptCharacters)).flatMap(
    (sentence) => readWish(sentence, { ...project, loose: true }).behaviours,
  );
  return [...new Set(behaviours)];
}

/** A plan that only lists what it cannot do helps nobody: further parts are told by their number. */
const mostUnmet = 25;

/** Parts of a prompt that the blueprint has nothing for, as requirements that it cannot meet. */
export function unmetOf(whole: string, project: Project): RequirementProposal[] {
  const prompt = whole.slice(0, bounds.promptCharacters);
  const frameworks = project.instead.map((name) =>
    unmet(
      `The ${project.blueprint.product} shall be built with ${name}.`,
      `The ${project.blueprint.title} blueprint uses ${project.blueprint.asking.instead?.uses}.`,
    ),
  );
  const named = new Set(project.instead.flatMap((name) => name.toLowerCase().split(/[ -]/)));
  const clauses = sentencesOf(prompt)
    .flatMap((sentence) => unmetClauses(sentence, project))
    .filter(({ words }) => words.some((word) => !named.has(word)));
  const rest =
    whole.length === prompt.length
      ? []
      : [
          unmet(
            'Everything that the prompt asks for after its first part shall be met.',
            `This agent reads the first ${bounds.promptCharacters} characters of a prompt; this one has ${whole.length}.`,
          ),
        ];
  return [
    ...rest,
    ...omittedOf(project),
    ...examplesOf(project),
    ...frameworks,
    ...clauses
      .slice(0, mostUnmet)
      .map(({ text, words }) =>
        unmet(
          text.slice(0, 1000),
          `${relates(text, project.blueprint.title)}This part of the prompt is beyond the ${project.blueprint.title} blueprint: it has nothing that answers ${quoted(words)}.`,
        ),
      ),
    ...(clauses.length > mostUnmet
      ? [
          unmet(
            'Everything else that the prompt asks for shall be met.',
            `${clauses.length - mostUnmet} more parts of the prompt are beyond the ${project.blueprint.title} blueprint.`,
          ),
        ]
      : []),
  ];
}

/** An example is no answer to a prompt: the run waits until the person says what is to be kept. */
function examplesOf({ model, blueprint }: Project): RequirementProposal[] {
  if (!model.assumed.includes(exampleNote)) return [];
  const cannot = `The ${blueprint.title} blueprint found nothing in the prompt that it could keep, so it builds items as an example. Name the things and their fields: 'books with title and author'.`;
  return [unmet(`The ${blueprint.product} shall keep what the prompt has in mind.`, cannot)];
}

function omittedOf({ omitted, blueprint }: Project): RequirementProposal[] {
  if (omitted.length === 0) return [];
  const most = `The ${blueprint.title} blueprint builds at most ${bounds.things} kinds of thing with at most ${bounds.fields} fields each`;
  const text = `The ${blueprint.product} shall also keep ${omitted.slice(0, 40).join(', ')}${omitted.length > 40 ? ' and more' : ''}.`;
  return [unmet(text.slice(0, 1000), `${most}; these are left out.`)];
}

function unmet(text: string, cannot: string): RequirementProposal {
  return { text, priority: 'must', checks: [], cannot };
}

function unmetClauses(sentence: string, project: Project): { text: string; words: readonly string[] }[] {
  const { leftover } = readWish(sentence, { ...project, loose: true });
  if (leftover.length === 0) return [];
  const parts = clausesOf(sentence)
    .map((text) => ({
      text,
      words: readWish(text, { ...project, loose: true }).leftover.filter((word) => leftover.includes(word)),
    }))
    .filter(({ words }) => words.length > 0)
    // A word or two alone say too little to decide on.
    .map((part) => (part.text.split(/\s+/).length < 3 ? { ...part, text: sentence } : part))
    .reduce<{ text: string; words: readonly string[] }[]>(
      (all, part) =>
        all.some(({ text }) => text === part.text)
          ? all.map((other) =>
              other.text === part.text ? { ...other, words: [...other.words, ...part.words] } : other,
            )
          : [...all, part],
      [],
    );
  const placed = new Set(parts.flatMap(({ words }) => words));
  // A word that no part shows on its own is shown with its whole sentence.
  return leftover.every((word) => placed.has(word)) ? parts : [{ text: sentence, words: leftover }];
}
