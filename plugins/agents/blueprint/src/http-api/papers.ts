import { filesOf, type Blueprint } from '../blueprints/blueprint.ts';
import type { Model } from '../model/model.ts';
import type { Behaviour } from '../requirements/behaviour.ts';
import { file, onlyTrue, paper, usualPapers } from '../requirements/papers.ts';

export { file, paper };

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
  return onlyTrue(
    [readme(model, papers.commands), ...usualPapers(['data/', papers.ignored]), ...papers.own(model)],
    filesOf(blueprint, model),
  );
}

function readme(model: Model, commands: readonly string[]): Behaviour {
  const sections = ['## Run it', ...commands, '## Settings', '## API', 'GET /health'];
  const paths = model.entities.map((entity) => entity.path);
  return paper({
    key: 'readme',
    text: 'The project shall have a README that says how to start it, test it and call it.',
    checks: [file('README.md says how to start, test and call it', 'README.md', [...sections, ...paths])],
  });
}

export const envExample = file('.env.example lists the settings', '.env.example', ['PORT=', 'DATABASE=']);
