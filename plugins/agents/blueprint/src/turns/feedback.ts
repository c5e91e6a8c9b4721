import type { RequirementProposal } from '@devfactory/contracts';
import type { StepInput } from '@devfactory/kit';
import { readWish } from '../reading/reader.ts';
import type { Behaviour } from '../requirements/behaviour.ts';
import { sentencesOf } from '../understand/text.ts';
import { briefOf, projectOf, saidLater, type Project } from './project.ts';
import { proposalOf } from './proposals.ts';

/** Requirements that feedback brings: what the project does now and did not before, and what the words ask for by name. */
export function feedbackProposals(
  input: StepInput,
  project: Project,
  texts: readonly string[] = saidLater(input),
): RequirementProposal[] {
  const brief = briefOf(input);
  const before = projectOf({ ...brief, feedback: brief.feedback.filter((text) => !texts.includes(text)) });
  const isNew = ({ key, derived }: Behaviour): boolean =>
    !before?.catalogue.has(key) && (derived || key.includes('.field.'));
  const grown = [...project.catalogue.values()].filter(isNew).filter((behaviour) => !isPartOfNew(behaviour, before));
  const named = texts
    .flatMap((text) => sentencesOf(text))
    .flatMap((sentence) => {
      const { behaviours, leftover } = readWish(sentence, { ...project, loose: true });
      return leftover.length === 0
        ? behaviours.filter(
            (behaviour) =>
              !behaviour.derived &&
              before?.catalogue.has(behaviour.key) &&
              !/\.(?:field|persist)\b|^(?:language|sqlite)$/.test(behaviour.key),
          )
        : [];
    });
  const known = new Set(input.state.requirements.map((requirement) => requirement.text));
  const fresh = [...new Set([...grown, ...named])].map(proposalOf).filter(({ text }) => !known.has(text));
  return fresh;
}

/** The fields of a thing that is itself new are part of creating it. */
function isPartOfNew({ key }: Behaviour, before: Project | null): boolean {
  const [plural] = key.split('.');
  return key.includes('.field.') && !before?.catalogue.has(`${plural}.create`);
}
