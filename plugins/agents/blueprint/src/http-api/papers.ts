import type { CheckProposal } from '@devfactory/contracts';
import { filesOf, type Blueprint } from '../blueprints/blueprint.ts';
import type { Model, ProjectFile } from '../model/model.ts';
import type { Behaviour } from '../requirements/behaviour.ts';

/** What a blueprint says of its own files. */
export interface Papers {
  /** Commands that the README names. */
  readonly commands: readonly string[];
  /** A folder of dependencies or leavings that git must not take. */
  readonly ignored: string;
  own(model: Model): readonly Behaviour[];
}

export interface Made {
  readonly blueprint: Blueprint;
  readonly papers: Papers;
}

/** What can be read in the delivered files: papers, settings, and what the project is made with. */
export function paperBehaviours(model: Model, { blueprint, papers }: Made): Behaviour[] {
  const files = filesOf(blueprint, model);
  return [...commonPapers(model, papers), ...papers.own(model)].filter(({ checks }) =>
    checks.every((check) => holds(check.spec, files)),
  );
}

interface Paper {
  readonly key: string;
  readonly text: string;
  readonly checks: readonly CheckProposal[];
}

export function paper({ key, text, checks }: Paper): Behaviour {
  return { key, text, checks, statuses: [], derived: key === 'readme' };
}

export function file(title: string, path: string, includes: readonly string[]): CheckProposal {
  return { title, intent: 'change', timeoutMs: 60_000, spec: { kind: 'file', path, includes: [...includes] } };
}

function commonPapers(model: Model, { commands, ignored }: Papers): Behaviour[] {
  const sections = ['## Run it', ...commands, '## Settings', '## API', 'GET /health'];
  const paths = model.entities.map((entity) => entity.path);
  return [
    paper({
      key: 'readme',
      text: 'The project shall have a README that says how to start it, test it and call it.',
      checks: [file('README.md says how to start, test and call it', 'README.md', [...sections, ...paths])],
    }),
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
      checks: [file('.gitignore keeps data and dependencies out', '.gitignore', ['data/', ignored])],
    }),
  ];
}

export const envExample = file('.env.example lists the settings', '.env.example', ['PORT=', 'DATABASE=']);

/** A file check that its own blueprint would fail is a mistake of the blueprint: it is never proposed. */
function holds(spec: CheckProposal['spec'], files: readonly ProjectFile[]): boolean {
  if (spec.kind !== 'file') return true;
  const content = files.find(({ path }) => path === spec.path)?.content;
  return content !== undefined && (spec.includes ?? []).every((text) => content.includes(text));
}
