import { defaultLength, textual, type Entity, type Field, type Model } from '../../model/model.ts';
import { escaped } from '../../web-page/catalogue.ts';
import { addButton, headingOf, labelOf } from '../../web-page/visit.ts';

/** public/index.html: forms and lists, with the rules of each field as attributes that the script reads. */
export function indexHtml(model: Model): string {
  return `<!doctype html>
<html lang="en" data-store="${escaped(model.slug)}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${escaped(model.title)}</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="style.css" />
    <script src="script.js" defer></script>
  </head>
  <body>
    <main>
      <h1>${escaped(model.title)}</h1>
      <noscript><p>This page needs JavaScript.</p></noscript>
      <p role="alert" hidden></p>
${model.entities.map(section).join('\n')}    </main>
  </body>
</html>
`;
}

function section(entity: Entity): string {
  const { label, labels, plural, fields } = entity;
  const heading = headingOf(entity);
  const filters = fields.filter(({ type }) => type === 'choice' || type === 'boolean');
  return `      <section data-thing="${plural}" aria-labelledby="${plural}--heading">
        <h2 id="${plural}--heading" tabindex="-1">${heading}</h2>
        <form novalidate data-name="${label}" data-names="${labels}" aria-labelledby="${plural}--heading">
${fields.map((field) => control(field, entity)).join('')}          <p class="actions">
            <button type="submit">${addButton(entity)}</button>
            <button type="button" data-does="cancel" hidden>Cancel</button>
          </p>
        </form>
        <p role="status"></p>
        <div class="tools">
          <p>
            <label for="${plural}--search">Search ${labels}</label>
            <input id="${plural}--search" type="search" />
          </p>
${filters.map((field) => filter(field, entity)).join('')}          <p>
            <label for="${plural}--sort">Sort ${labels} by</label>
            <select id="${plural}--sort">
              <option value="">order of adding</option>
${fields.map((field) => `              <option value="${field.key}">${field.label}</option>\n`).join('')}            </select>
          </p>
          <p class="tick">
            <input id="${plural}--descending" type="checkbox" />
            <label for="${plural}--descending">Descending</label>
          </p>
        </div>
        <p class="empty" hidden></p>
        <table hidden>
          <caption>${heading}</caption>
          <thead>
            <tr>
${fields.map((field) => `              <th scope="col">${labelOf(field)}</th>\n`).join('')}              <th scope="col">Actions</th>
            </tr>
          </thead>
          <tbody></tbody>
        </table>
      </section>
`;
}

function filter(field: Field, { plural }: Entity): string {
  const id = `${plural}--filter-${field.name}`;
  const choices = field.type === 'boolean' ? ['yes', 'no'] : field.choices;
  return `          <p>
            <label for="${id}">Filter by ${field.label}</label>
            <select id="${id}" data-filter="${field.key}">
              <option value="">all</option>
${options(choices)}            </select>
          </p>
`;
}

const options = (choices: readonly string[]): string =>
  choices.map((choice) => `              <option>${escaped(choice)}</option>\n`).join('');

function control(field: Field, { plural }: Entity): string {
  const id = `${plural}--${field.name}`;
  const shared = `id="${id}" name="${field.key}" data-kind="${field.type}"${field.unique ? ' data-unique' : ''} aria-describedby="${id}--error"`;
  const label = `<label for="${id}">${labelOf(field)}</label>`;
  const error = `            <span class="error" id="${id}--error" hidden></span>\n`;
  if (field.type === 'boolean')
    return `          <p class="tick">
            <input ${shared} type="checkbox" />
            ${label}
${error}          </p>
`;
  const required = field.required ? ' required' : '';
  return `          <p${field.required ? ' class="required"' : ''}>
            ${label}
            ${element(field, `${shared}${required}`)}
${error}          </p>
`;
}

function element(field: Field, shared: string): string {
  if (field.type === 'choice')
    return `<select ${shared}>
              <option value=""></option>
${options(field.choices)}            </select>`;
  const attributes = `${shared}${rules(field)}`;
  return field.type === 'text'
    ? `<textarea ${attributes} rows="3"></textarea>`
    : `<input ${attributes} ${kinds[field.type] ?? 'type="text"'} />`;
}

/** Numbers are texts for the browser: it would silently make nothing of what is none. */
const kinds: Readonly<Partial<Record<Field['type'], string>>> = {
  integer: 'type="text" inputmode="numeric"',
  number: 'type="text" inputmode="decimal"',
  date: 'type="date"',
  datetime: 'type="datetime-local"',
  email: 'type="email"',
  url: 'type="url"',
  list: 'type="text" placeholder="one, two"',
};

function rules(field: Field): string {
  const { min, minOpen, max, type } = field;
  if (textual.includes(type))
    return `${min !== null && min > 1 ? ` data-least="${min}"` : ''} data-most="${max ?? defaultLength(type)}"`;
  return `${min === null ? '' : ` data-${minOpen ? 'above' : 'least'}="${min}"`}${max === null ? '' : ` data-most="${max}"`}`;
}
