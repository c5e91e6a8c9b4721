import type { Model, ProjectFile } from '../../model/model.ts';
import type { Behaviour } from '../../requirements/behaviour.ts';
import { testCheck } from '../../requirements/test-check.ts';
import { wholePage } from '../../web-page/catalogue.ts';
import { driver } from '../../web-page/driver.ts';
import { fieldBehaviours } from '../../web-page/field-behaviours.ts';
import { thingBehaviours } from '../../web-page/thing-behaviours.ts';
import { visitsFile } from '../../web-page/visit.ts';
import type { Blueprint } from '../blueprint.ts';

/** The project's own tests: the page in jsdom, used as a person does. */
export function testFiles(model: Model): ProjectFile[] {
  return [
    { path: 'test/page.js', content: driver },
    { path: 'test/page.test.js', content: visitsFile(wholePage(model), './page.js') },
    ...model.entities.map((entity) => {
      const fields = entity.fields.flatMap((field) => fieldBehaviours(entity, field));
      const wanted = [...thingBehaviours(entity), ...fields].filter(
        ({ key, derived }) => derived || /\.(?:sort|search|filter)\./.test(key),
      );
      return { path: `test/${entity.plural.replaceAll('_', '-')}.test.js`, content: visitsFile(wanted, './page.js') };
    }),
  ];
}

/** 'test/books.test.js::books are listed' */
export function testIds(files: readonly ProjectFile[]): string[] {
  return files.flatMap(({ path, content }) =>
    [...content.matchAll(/^test\((".*"), async/gm)].map((match) => `${path}::${String(JSON.parse(match[1] ?? '""'))}`),
  );
}

export function ownTests(blueprint: Blueprint, model: Model): Behaviour[] {
  const all = testCheck(blueprint, model, { title: 'the delivered tests pass', wanted: () => true });
  const text = 'The project shall have tests of its own that pass.';
  return all ? [{ key: 'tests', statuses: [], derived: true, text, checks: [all] }] : [];
}
