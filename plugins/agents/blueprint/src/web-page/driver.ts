/** A module for Node's test runner that opens the built page in jsdom and uses it as a person does: by labels, buttons and rows. */
export const driver = String.raw`import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { JSDOM } from 'jsdom';

const folder = ['dist', 'public', '.'].find((name) => existsSync(join(name, 'index.html'))) ?? '.';

/** The page as a browser opens it, with what earlier visits stored. */
export function openPage(stored = {}) {
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const { window } = new JSDOM(html, { url: 'http://localhost/', runScripts: 'outside-only' });
  for (const [key, value] of Object.entries(stored)) window.localStorage.setItem(key, value);
  for (const { src } of window.document.querySelectorAll('script[src]')) {
    const code = readFileSync(join(folder, new URL(src).pathname), 'utf8');
    window.eval('(() => {' + code + '\n})();');
  }
  return new Page(window);
}

class Page {
  constructor(window) {
    this.window = window;
    this.document = window.document;
  }

  /** Everything in the browser's storage. */
  stored() {
    return { ...this.window.localStorage };
  }

  section(heading) {
    const found = [...this.document.querySelectorAll('h2')].find((title) => textOf(title) === heading);
    assert.ok(found, 'there is no heading ' + heading);
    return found.closest('section');
  }

  field(heading, label) {
    const found = [...this.section(heading).querySelectorAll('label')].find((item) => textOf(item) === label);
    assert.ok(found, 'there is no field ' + label);
    return this.document.getElementById(found.htmlFor);
  }

  /** Types, chooses or ticks; values by label. */
  async fill(heading, values) {
    for (const [label, value] of Object.entries(values)) {
      const field = await eventually(() => this.field(heading, label));
      if (typeof value === 'boolean') {
        if (field.checked !== value) field.click();
        continue;
      }
      // The value as the browser sets it: what a library put before it does not count.
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value').set.call(field, value);
      for (const type of ['input', 'change']) field.dispatchEvent(new this.window.Event(type, { bubbles: true }));
    }
  }

  /** Presses a button of a section, or of one of its rows, counted from 0. */
  async press(heading, name, row) {
    const button = await eventually(() => {
      const within = row === undefined ? this.section(heading) : this.rowsOf(heading)[row];
      const found = [...(within?.querySelectorAll('button') ?? [])].find((item) => !item.hidden && textOf(item) === name);
      assert.ok(found, 'there is no button ' + name);
      return found;
    });
    button.click();
  }

  async add(heading, button, values) {
    await this.fill(heading, values);
    const before = this.rowsOf(heading).length;
    await this.press(heading, button);
    await eventually(() => assert.equal(this.rowsOf(heading).length, before + 1, this.errors(heading)));
  }

  rowsOf(heading) {
    return [...this.section(heading).querySelectorAll('tbody tr')];
  }

  /** Waits until a section has these rows: the texts of their cells without the buttons. */
  async shows(heading, rows) {
    const cells = (row) => [...row.cells].filter((cell) => !cell.querySelector('button')).map(textOf);
    await eventually(() => assert.deepEqual(this.rowsOf(heading).map(cells), rows));
  }

  /** Waits until a field is marked as wrong and says why. */
  async refuses(heading, label) {
    await eventually(() => {
      const field = this.field(heading, label);
      assert.equal(field.getAttribute('aria-invalid'), 'true', label + ' is not marked as wrong');
      const words = (field.getAttribute('aria-describedby') ?? '').split(' ').map((id) => this.document.getElementById(id));
      assert.ok(words.some((item) => item && !item.hidden && textOf(item) !== ''), label + ' does not say what is wrong');
    });
  }

  /** Waits until a text is somewhere to be seen. */
  async says(text, selector = 'body') {
    await eventually(() => {
      const places = [...this.document.querySelectorAll(selector)].filter((item) => !item.closest('[hidden]'));
      assert.ok(places.some((item) => seen(item).includes(text)), 'nothing says ' + text);
    });
  }

  /** Waits until a text is nowhere to be seen. */
  async hides(text) {
    await eventually(() => assert.ok(!seen(this.document.body).includes(text), text + ' is still there'));
  }

  errors(heading) {
    return [...this.section(heading).querySelectorAll('[aria-invalid="true"]')].map((field) => field.id).join();
  }
}

function seen(item) {
  const copy = item.cloneNode(true);
  for (const hidden of copy.querySelectorAll('[hidden]')) hidden.remove();
  return textOf(copy);
}

const textOf = ({ textContent }) => textContent.replaceAll(/\s+/g, ' ').trim();

async function eventually(look) {
  for (let tries = 0; ; tries += 1) {
    try {
      return look();
    } catch (error) {
      if (tries > 200) throw error;
      await pause(10);
    }
  }
}
`;
