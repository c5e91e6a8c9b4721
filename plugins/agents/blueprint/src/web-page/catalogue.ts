import { filesOf } from '../blueprints/blueprint.ts';
import type { Entity, Model } from '../model/model.ts';
import { sampleBody } from '../model/samples.ts';
import type { Behaviour } from '../requirements/behaviour.ts';
import type { Catalogue } from '../requirements/catalogue.ts';
import { file, onlyTrue, paper, usualPapers } from '../requirements/papers.ts';
import { fieldBehaviours } from './field-behaviours.ts';
import type { Site } from './kit.ts';
import { thingBehaviours } from './thing-behaviours.ts';
import { headingOf, lines, visit } from './visit.ts';

/** Everything that a page made of a model does. */
export function pageCatalogue(model: Model, site: Site): Catalogue {
  const all = [
    served(model),
    ...model.entities.flatMap((entity) => [
      ...thingBehaviours(entity),
      ...entity.fields.flatMap((field) => fieldBehaviours(entity, field)),
    ]),
    ...wholePage(model),
    ...papers(model, site),
    ...site.tests(model),
  ];
  return new Map(all.map((behaviour) => [behaviour.key, behaviour]));
}

/** What the page does whatever it keeps. */
export function wholePage(model: Model): Behaviour[] {
  const [first] = model.entities;
  return [...(first ? keeping(first, model) : []), accessible(model)];
}

function served(model: Model): Behaviour {
  return {
    key: 'page',
    statuses: [200],
    derived: true,
    text: 'When a browser asks for /, the page shall be served.',
    checks: [
      {
        title: 'the page is served as HTML',
        intent: 'change',
        timeoutMs: 120_000,
        spec: {
          kind: 'http',
          exchanges: [
            {
              do: 'request',
              name: 'the page',
              method: 'GET',
              path: '/',
              expect: {
                status: 200,
                headers: { 'content-type': 'text/html' },
                bodyIncludes: ['<!doctype html>', `<title>${escaped(model.title)}</title>`],
              },
            },
          ],
        },
      },
    ],
  };
}

/** A text as HTML has it. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function keeping(entity: Entity, model: Model): Behaviour[] {
  const [one, two] = [1, 2].map((n) => sampleBody(entity, n));
  const reopened = lines.shows(entity, [one ?? {}, two ?? {}]).replace('page.', 'again.');
  return [
    {
      key: 'persist',
      statuses: [],
      derived: true,
      text: 'When the page is opened again in the same browser, it shall still have what was stored.',
      checks: [
        visit('persist', 'what was stored is there when the page is opened again', [
          lines.add(entity, 1),
          lines.add(entity, 2),
          'const again = openPage(page.stored());',
          reopened,
        ]),
      ],
    },
    {
      key: 'errors',
      statuses: [],
      derived: true,
      text: 'If what the browser stored cannot be read, then the page shall say so and leave it as it is.',
      checks: [
        visit('errors', 'stored data that cannot be read is told and kept', [
          `const broken = openPage({ ${JSON.stringify(model.slug)}: '{' });`,
          `await broken.says('cannot be read', '[role="alert"]');`,
          lines.add(entity, 1).replace('page.', 'broken.'),
          `assert.equal(broken.stored()[${JSON.stringify(model.slug)}], '{');`,
        ]),
      ],
    },
  ];
}

function accessible({ entities }: Model): Behaviour {
  const headings = JSON.stringify(entities.map(headingOf));
  return {
    key: 'accessible',
    statuses: [],
    derived: true,
    text: 'The page shall have a language, one main heading, a label for each field, and messages that screen readers speak.',
    checks: [
      visit('accessible', 'fields have labels, and messages are spoken', [
        `for (const heading of ${headings}) {`,
        "  await page.says(heading, 'h2');",
        "  for (const field of page.section(heading).querySelectorAll('input, select, textarea'))",
        '    assert.ok(field.labels.length > 0, field.outerHTML);',
        "  assert.ok(page.section(heading).getAttribute('aria-labelledby'));",
        '}',
        "assert.equal(page.document.documentElement.lang, 'en');",
        "assert.equal(page.document.querySelectorAll('h1').length, 1);",
        'assert.ok(page.document.querySelector(\'main [role="status"]\'));',
      ]),
    ],
  };
}

function papers(model: Model, site: Site): Behaviour[] {
  return onlyTrue(
    [
      paper({
        key: 'readme',
        text: 'The project shall have a README that says how to open, change and test it.',
        checks: [
          file('README.md says how to open, change and test it', 'README.md', [
            '## Open it',
            '## Test it',
            '## Change it',
            ...site.readmeNames,
          ]),
        ],
      }),
      ...usualPapers(site.ignored),
      ...site.papers(model),
    ],
    filesOf(site.blueprint, model),
  );
}
