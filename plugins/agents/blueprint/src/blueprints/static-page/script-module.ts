/** public/script.js: reads things, fields and rules from the page, so that it knows none of them by name. */
export const script = String.raw`'use strict';

// Things, fields and rules are in index.html: data-kind, required, data-unique, data-least, data-most, data-above.
const storeKey = document.documentElement.dataset.store;
const alarm = document.querySelector('[role="alert"]');
let kept = read();

/** What the browser stored. What cannot be read stays as it is: nothing is written over it. */
function read() {
  try {
    const stored = JSON.parse(localStorage.getItem(storeKey) ?? '{}');
    if (stored === null || typeof stored !== 'object' || !Object.values(stored).every(Array.isArray)) throw new TypeError();
    return { records: stored, isSafe: true };
  } catch {
    tell('What this browser stored cannot be read. It stays as it is, and what you add now is gone when you leave.');
    return { records: {}, isSafe: false };
  }
}

function write() {
  if (!kept.isSafe) return;
  try {
    localStorage.setItem(storeKey, JSON.stringify(kept.records));
    alarm.hidden = true;
  } catch {
    tell('The browser could not store this: it is full, or it stores nothing for this page. It is gone when you leave.');
  }
}

function tell(text) {
  alarm.textContent = text;
  alarm.hidden = false;
}

/** What a field holds: null where it is empty. */
function valueOf(input) {
  const text = input.value.trim();
  switch (input.dataset.kind) {
    case 'boolean':
      return input.checked;
    case 'list':
      return text.split(',').map((item) => item.trim()).filter((item) => item !== '');
    case 'integer':
    case 'number':
      return text === '' ? null : Number(text);
    default:
      return text === '' ? null : text;
  }
}

const isAddress = { email: /^[^@\s]+@[^@\s]+\.[^@\s.]+$/, url: /^https?:\/\/[^\s/?#]+\S*$/i };

/** What is wrong with a field, for people; '' where all is well. */
function problemOf(input, others) {
  const { kind, least, most, above, unique } = input.dataset;
  const value = valueOf(input);
  if (input.required && (value === null || value.length === 0)) return 'This is needed.';
  if (value === null || kind === 'boolean' || kind === 'list') return '';
  if (kind === 'integer' || kind === 'number') {
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(input.value.trim())) return 'This must be a number, such as 12.';
    if (kind === 'integer' && !Number.isSafeInteger(value)) return 'This must be a whole number.';
    if (above !== undefined && value <= Number(above)) return 'This must be greater than ' + above + '.';
    if (least !== undefined && value < Number(least)) return 'This must be at least ' + least + '.';
    if (most !== undefined && value > Number(most)) return 'This must be at most ' + most + '.';
  } else {
    const length = [...value].length;
    if (least !== undefined && length < Number(least)) return 'This must have at least ' + least + ' characters.';
    if (most !== undefined && length > Number(most)) return 'This must have at most ' + most + ' characters.';
    if (kind === 'email' && !isAddress.email.test(value)) return 'This must be an e-mail address, such as ada@example.com.';
    if (kind === 'url' && !isAddress.url.test(value)) return 'This must be a web address, such as https://example.com.';
  }
  const isTaken = unique !== undefined && others.some((record) => record[input.name] === value);
  return isTaken ? 'There is one with this already.' : '';
}

/** The text of a value in a list. */
function shown(value, kind) {
  if (value === null || value === undefined) return '';
  if (kind === 'boolean') return value ? 'yes' : 'no';
  if (kind === 'datetime') return value.replace('T', ' ');
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** Nothing comes first; texts whatever the case of their letters. */
function compare(one, two) {
  if (one === null || two === null) return Number(one !== null) - Number(two !== null);
  if (typeof one === 'string' && typeof two === 'string') return one.localeCompare(two, undefined, { sensitivity: 'base' });
  return one < two ? -1 : Number(one > two);
}

for (const section of document.querySelectorAll('[data-thing]')) keep(section);

/** Makes one section of the page keep its things. */
function keep(section) {
  const thing = section.dataset.thing;
  const find = (selector) => section.querySelector(selector);
  const form = find('form');
  const { name, names } = form.dataset;
  const inputs = [...form.querySelectorAll('[data-kind]')];
  const [submit, cancel] = [find('button[type="submit"]'), find('[data-does="cancel"]')];
  const tools = find('.tools');
  const [search, sort, descending] = ['search', 'sort', 'descending'].map((tool) => document.getElementById(thing + '--' + tool));
  let editing = null;

  const records = () => (Object.hasOwn(kept.records, thing) ? kept.records[thing] : []);
  const say = (text) => (find('[role="status"]').textContent = text);

  function change(next, text) {
    kept.records = { ...kept.records, [thing]: next };
    write();
    say(text);
    render();
  }

  function mark(input, problem) {
    const error = document.getElementById(input.id + '--error');
    error.textContent = problem;
    error.hidden = problem === '';
    if (problem === '') input.removeAttribute('aria-invalid');
    else input.setAttribute('aria-invalid', 'true');
  }

  /** Fills the form with a record, or empties it for a new one. */
  function edit(record) {
    editing = record?.id ?? null;
    for (const input of inputs) {
      const value = record?.[input.name] ?? null;
      mark(input, '');
      if (input.dataset.kind === 'boolean') input.checked = value === true;
      else input.value = Array.isArray(value) ? value.join(', ') : String(value ?? '');
    }
    submit.textContent = (editing === null ? 'Add ' : 'Save ') + name;
    cancel.hidden = editing === null;
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const others = records().filter(({ id }) => id !== editing);
    for (const input of inputs) mark(input, problemOf(input, others));
    const wrong = inputs.find((input) => input.hasAttribute('aria-invalid'));
    if (wrong) {
      say('');
      wrong.focus();
      return;
    }
    const values = Object.fromEntries(inputs.map((input) => [input.name, valueOf(input)]));
    if (editing === null) {
      const id = 1 + Math.max(0, ...records().map((record) => record.id));
      change([...records(), { ...values, id }], 'Added ' + name + '.');
    } else {
      const id = editing;
      change(records().map((record) => (record.id === id ? { ...values, id } : record)), 'Saved ' + name + '.');
    }
    edit(null);
    inputs[0]?.focus();
  });
  form.addEventListener('input', ({ target }) => mark(target, ''));
  cancel.addEventListener('click', () => {
    edit(null);
    find('h2').focus();
  });
  tools.addEventListener('input', render);
  tools.addEventListener('change', render);

  function render() {
    const words = search.value.trim().toLowerCase();
    const filters = [...tools.querySelectorAll('[data-filter]')].filter(({ value }) => value !== '');
    const kindOf = (key) => inputs.find((input) => input.name === key)?.dataset.kind;
    const found = records()
      .filter((record) => inputs.some((input) => shown(record[input.name], input.dataset.kind).toLowerCase().includes(words)))
      .filter((record) =>
        filters.every(({ value, dataset }) => shown(record[dataset.filter], kindOf(dataset.filter)) === value),
      );
    if (sort.value !== '') found.sort((one, two) => compare(one[sort.value] ?? null, two[sort.value] ?? null));
    if (descending.checked) found.reverse();
    find('tbody').replaceChildren(...found.map(row));
    find('table').hidden = found.length === 0;
    find('.empty').hidden = found.length > 0;
    find('.empty').textContent = records().length === 0 ? 'No ' + names + ' yet.' : 'No ' + names + ' found.';
  }

  function row(record) {
    const line = document.createElement('tr');
    for (const [index, input] of inputs.entries()) {
      const text = shown(record[input.name], input.dataset.kind);
      const cell = line.insertCell();
      cell.dataset.label = section.querySelectorAll('th')[index].textContent;
      if (input.dataset.kind === 'url' && isAddress.url.test(text)) {
        const link = document.createElement('a');
        Object.assign(link, { href: text, rel: 'noreferrer', textContent: text });
        cell.append(link);
      } else cell.textContent = text;
    }
    const about = shown(record[inputs[0]?.name], inputs[0]?.dataset.kind) || name;
    line.insertCell().append(
      button('Edit', about, () => {
        edit(record);
        inputs[0]?.focus();
      }),
      button('Remove', about, () => {
        if (editing === record.id) edit(null);
        change(records().filter(({ id }) => id !== record.id), 'Removed ' + name + ' ' + about + '.');
        find('h2').focus();
      }),
    );
    return line;
  }

  function button(text, about, press) {
    const made = document.createElement('button');
    Object.assign(made, { type: 'button', textContent: text });
    made.setAttribute('aria-label', text + ' ' + about);
    made.addEventListener('click', press);
    return made;
  }

  // Another tab of this page may have stored something.
  addEventListener('storage', ({ key }) => {
    if (key !== storeKey) return;
    kept = read();
    render();
  });
  render();
}
`;
