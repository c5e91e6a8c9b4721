import { filesOf } from '../blueprints/blueprint.ts';
import type { Entity, Model } from '../model/model.ts';
import { sampleBody } from '../model/samples.ts';
import type { Behaviour } from '../requirements/behaviour.ts';
import type { Catalogue } from '../requirements/catalogue.ts';
import { file, onlyTrue, paper, usualPapers } from '../requirements/papers.ts';
import { testCheck } from '../requirements/test-check.ts';
import { fieldBehaviours } from './field-behaviours.ts';
import { findingBehaviours } from './finding-behaviours.ts';
import type { Tool } from './kit.ts';
import { dataVariable } from './naming.ts';
import { linesOf, Session } from './session.ts';
import { thingBehaviours } from './thing-behaviours.ts';

/** Everything that a command line tool made of a model does. */
export function toolCatalogue(model: Model, tool: Tool): Catalogue {
  const session = new Session(model, tool.command(model));
  const [first] = model.entities;
  const all = [
    ...(first ? usage(first, session) : []),
    ...model.entities.flatMap((entity) => [
      ...thingBehaviours(entity, session),
      ...entity.fields.flatMap((field) => fieldBehaviours(entity, field, session)),
      ...findingBehaviours(entity, session),
    ]),
    ...(first ? keeping(first, session) : []),
    ...papers(model, tool),
    ...tests(model, tool),
  ];
  return new Map(all.map((behaviour) => [behaviour.key, behaviour]));
}

function usage(entity: Entity, session: Session): Behaviour[] {
  const verbs = ['add', 'list', 'show', 'update', 'remove'];
  return [
    {
      key: 'help',
      statuses: [0],
      derived: true,
      text: 'When the tool is called with --help, it shall print its commands and exit with 0.',
      checks: [
        session.check('--help prints the commands', [
          {
            args: session.words(entity, '--help'),
            exitCode: 0,
            prints: verbs.map((verb) => [`    ${verb}`]),
          },
        ]),
      ],
    },
    {
      key: 'version',
      statuses: [0],
      derived: false,
      text: 'When the tool is called with --version, it shall print its name and version and exit with 0.',
      checks: [
        session.check('--version prints name and version', [
          { args: ['--version'], exitCode: 0, prints: [[`${session.model.slug} 0.1.0`]] },
        ]),
      ],
    },
    {
      key: 'usage',
      statuses: [2],
      derived: true,
      text: 'If the tool is called with a command or an option that it does not have, then it shall print a message and exit with 2.',
      checks: [
        session.check('an unknown command and an unknown option end with 2', [
          session.add(entity, 1, 1),
          { args: session.words(entity, 'frobnicate'), exitCode: 2, hides: ['Traceback'] },
          { args: session.words(entity, 'list', '--frobnicate'), exitCode: 2, hides: ['Traceback'] },
        ]),
      ],
    },
  ];
}

function keeping(entity: Entity, session: Session): Behaviour[] {
  const variable = dataVariable(session.model);
  const [one, two] = [1, 2].map((n) => linesOf([{ id: 1, ...sampleBody(entity, n) }]));
  const list = session.words(entity, 'list', '--json');
  return [
    {
      key: 'settings',
      statuses: [0],
      derived: true,
      text: `Where ${variable} or --data names a file, the tool shall keep its data there.`,
      checks: [
        session.check(`${variable} and --data say where the data is, the option first`, [
          session.add(entity, 1, 1),
          {
            ...session.adding(entity, sampleBody(entity, 2), { exitCode: 0 }),
            data: '$folder/deep/other',
          },
          { args: list, exitCode: 0, prints: [one ?? []] },
          { args: list, exitCode: 0, prints: [two ?? []], data: '$folder/deep/other' },
          { args: [...list, '--data', '$folder/deep/other'], exitCode: 0, prints: [two ?? []] },
        ]),
      ],
    },
    {
      key: 'persist',
      statuses: [0],
      derived: true,
      text: 'When the tool is called again, it shall still have what was stored.',
      checks: [
        session.check('what one call stores, later calls have', [
          session.add(entity, 1, 1),
          session.add(entity, 2, 2),
          {
            args: list,
            exitCode: 0,
            prints: [
              linesOf([
                { id: 1, ...sampleBody(entity, 1) },
                { id: 2, ...sampleBody(entity, 2) },
              ]),
            ],
          },
        ]),
      ],
    },
    {
      key: 'errors',
      statuses: [1],
      derived: true,
      text: 'If the data file cannot be used, then the tool shall say so in one line and exit with 1.',
      checks: [
        session.check('a data file that cannot be used is told and not a crash', [
          session.add(entity, 1, 1),
          {
            args: [...list, '--data', '$folder/data/below/a-file'],
            exitCode: 1,
            prints: [[`${session.model.slug}: error: `]],
            hides: ['Traceback'],
          },
        ]),
      ],
    },
  ];
}

function papers(model: Model, tool: Tool): Behaviour[] {
  const sections = ['## Install', '## Use it', '## Settings', '## Exit codes', dataVariable(model)];
  return onlyTrue(
    [
      paper({
        key: 'readme',
        text: 'The project shall have a README that says how to install, call, configure and test it.',
        checks: [
          file('README.md says how to install, call and test it', 'README.md', [...sections, ...tool.readmeNames]),
        ],
      }),
      ...usualPapers(tool.ignored),
      ...tool.papers(model),
    ],
    filesOf(tool.blueprint, model),
  );
}

function tests(model: Model, { blueprint }: Tool): Behaviour[] {
  const all = testCheck(blueprint, model, { title: 'the delivered tests pass', wanted: () => true });
  if (!all) return [];
  const text = 'The project shall have tests of its own that pass.';
  return [{ key: 'tests', statuses: [], derived: true, text, checks: [all] }];
}
