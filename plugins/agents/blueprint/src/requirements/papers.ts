import type { CheckProposal } from '@devfactory/contracts';
import type { ProjectFile } from '../model/model.ts';
import type { Behaviour } from './behaviour.ts';

interface Paper {
  readonly key: string;
  readonly text: string;
  readonly checks: readonly CheckProposal[];
}

/** Something that can be read in the delivered files. */
export function paper({ key, text, checks }: Paper): Behaviour {
  return { key, text, checks, statuses: [], derived: key === 'readme' };
}

export function file(title: string, path: string, includes: readonly string[]): CheckProposal {
  return { title, intent: 'change', timeoutMs: 60_000, spec: { kind: 'file', path, includes: [...includes] } };
}

/** Licence and .gitignore, which every project has. */
export function usualPapers(ignored: readonly string[]): Behaviour[] {
  return [
    paper({
      key: 'licence',
      text: 'The project shall have the MIT licence.',
      checks: [
        file('LICENSE is the MIT licence', 'LICENSE', ['MIT License', 'Permission is hereby granted, free of charge']),
      ],
    }),
    paper({
      key: 'ignore',
      text: 'The project shall have a .gitignore.',
      checks: [file('.gitignore keeps data and dependencies out', '.gitignore', ignored)],
    }),
  ];
}

/** A file check that its own blueprint would fail is a mistake of the blueprint: it is never proposed. */
export function onlyTrue(papers: readonly Behaviour[], files: readonly ProjectFile[]): Behaviour[] {
  return papers.filter(({ checks }) => checks.every(({ spec }) => holds(spec, files)));
}

function holds(spec: CheckProposal['spec'], files: readonly ProjectFile[]): boolean {
  if (spec.kind !== 'file') return true;
  const content = files.find(({ path }) => path === spec.path)?.content;
  return content !== undefined && (spec.includes ?? []).every((text) => content.includes(text));
}
