import type { RunState } from '@devfactory/contracts';
import type { Proof } from '../proof/proof.ts';
import type { DeliveredWords } from './secret-scan.ts';

/** All that is told about a tree where it goes: titles, the commit's message, the pull request, the proof and its report. */
export function toldWords({ run, requirements, secretsWaived = [] }: Proof): DeliveredWords[] {
  return [
    { place: 'the name of the run, which is the title and the commit’s message', text: run.name },
    { place: 'the prompt', text: run.prompt },
    ...requirements.flatMap((requirement) => [
      { place: `the words of ${requirement.id}, version ${requirement.version}`, text: requirement.text },
      { place: `the checks and evidence of ${requirement.id}`, text: JSON.stringify({ ...requirement, text: '' }) },
    ]),
    { place: 'the reason of a waiver', text: secretsWaived.map(({ reason }) => reason).join('\n') },
  ];
}

/** Places of this tree that a person let pass. */
export function waivedPlaces({ waivedSecrets }: Pick<RunState, 'waivedSecrets'>, tree: string): Set<string> {
  return new Set(waivedSecrets.filter((waiver) => waiver.tree === tree).flatMap(({ places }) => places));
}
