import type { BrowserTarget } from '@devfactory/contracts';
import { DomainError } from '@devfactory/kit';
import { z } from 'zod';
import { type BrowserEvent, type DevTools, RefusedByBrowser } from './devtools.ts';
import { keyOf } from './keys.ts';
import { type Picture, pictureOf } from './picture.ts';

export interface PageSize {
  readonly width: number;
  readonly height: number;
}

/** What is seen of an element. */
export interface Sight {
  readonly text: string;
  /** Of an input. */
  readonly value: string | null;
}

const Attached = z.looseObject({ sessionId: z.string() });
const Target = z.looseObject({ targetId: z.string() });
const Navigated = z.looseObject({
  frameId: z.string(),
  loaderId: z.string().optional(),
  errorText: z.string().optional(),
});
const Shot = z.looseObject({ data: z.string() });
const World = z.looseObject({ executionContextId: z.number() });
const Root = z.looseObject({ root: z.looseObject({ backendNodeId: z.int(), nodeId: z.int() }) });
const Found = z.looseObject({ nodeIds: z.array(z.int()) });
const Described = z.looseObject({ node: z.looseObject({ backendNodeId: z.int() }) });
const Accessible = z.looseObject({
  nodes: z.array(z.looseObject({ ignored: z.boolean().optional(), backendDOMNodeId: z.int().optional() })),
});
const Quads = z.looseObject({ quads: z.array(z.array(z.number()).length(8)) });
const Resolved = z.looseObject({ object: z.looseObject({ objectId: z.string() }) });
const Said = z.looseObject({ result: z.looseObject({ value: z.unknown() }), exceptionDetails: z.unknown().optional() });
const Seen = z.strictObject({ visible: z.boolean(), text: z.string(), value: z.string().nullable() });

const textCharacters = 200_000;
const mostElements = 200;
/** How long a page that has loaded may go on asking for things before it is looked at all the same. */
const quietMs = 3000;

/** These run in a world of their own: what the page's scripts made of the browser's functions is not there. */
const look = `function () {
  const visible = this.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const text = String(this.innerText ?? this.textContent ?? '').slice(0, ${textCharacters});
  return { visible, text, value: typeof this.value === 'string' ? this.value.slice(0, ${textCharacters}) : null };
}`;
const setValue = `function (text) {
  const option = this.options && [...this.options].find((one) => one.label === text || one.value === text);
  if (this.options && !option) return false;
  this.value = option ? option.value : text;
  this.dispatchEvent(new Event('input', { bubbles: true }));
  this.dispatchEvent(new Event('change', { bubbles: true }));
  return true;
}`;
const howToFill = `function () {
  if (this.options) return 'value';
  if (/^(date|time|color|range|month|week|datetime-local)$/.test(this.type)) return 'value';
  this.focus();
  if (this.select) this.select();
  else getSelection().selectAllChildren(this);
  return 'keys';
}`;

/**
 * One page of a browser, as a person uses it: real mouse and keys, elements by what they are called. What it tells was said by code under
 * check. Throws what DevTools throws.
 */
export class Page {
  readonly #devtools: DevTools;
  readonly #session: string;
  #frame = '';
  /** Dialogs that were answered with OK, oldest first. */
  readonly dialogs: string[] = [];

  private constructor(devtools: DevTools, session: string) {
    this.#devtools = devtools;
    this.#session = session;
  }

  static async open(devtools: DevTools, { width, height }: PageSize): Promise<Page> {
    const { targetId } = Target.parse(await devtools.call('Target.createTarget', { url: 'about:blank' }));
    const attached = await devtools.call('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page(devtools, Attached.parse(attached).sessionId);
    for (const domain of ['Page', 'Network', 'DOM', 'Accessibility', 'Runtime']) await page.#call(`${domain}.enable`);
    await page.#call('Page.setLifecycleEventsEnabled', { enabled: true });
    await page.#call('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: width < 600,
    });
    devtools.listen((event) => page.#answerDialog(event));
    return page;
  }

  /** Resolves when the page has loaded and asks for nothing more: with its HTTP status, or why there is none. */
  async goTo(url: string, signal: AbortSignal): Promise<{ readonly status: number } | { readonly why: string }> {
    const events = this.#record();
    try {
      const going = await this.#soon(this.#call('Page.navigate', { url }), signal);
      const { frameId, loaderId, errorText } = Navigated.parse(going);
      this.#frame = frameId;
      if (errorText !== undefined || loaderId === undefined) return { why: errorText ?? 'it is no page of its own' };
      const isOwn = ({ params }: BrowserEvent): boolean => params['loaderId'] === loaderId;
      const reached = (name: string) => (event: BrowserEvent) =>
        event.method === 'Page.lifecycleEvent' && isOwn(event) && event.params['name'] === name;
      const answered = (event: BrowserEvent) =>
        event.method === 'Network.responseReceived' && isOwn(event) && event.params['type'] === 'Document';
      const response = await events.first(answered, signal);
      await events.first(reached('load'), signal);
      const quiet = AbortSignal.any([signal, AbortSignal.timeout(quietMs)]);
      await events.first(reached('networkIdle'), quiet).catch((error: unknown) => {
        if (signal.aborted || !(error instanceof DomainError) || error.code !== 'browser_waits') throw error;
      });
      const { status } = z.looseObject({ status: z.int() }).parse(response.params['response']);
      return { status };
    } finally {
      events.stop();
    }
  }

  async screenshot(signal: AbortSignal): Promise<Picture> {
    const shot = await this.#soon(this.#call('Page.captureScreenshot', { format: 'png' }), signal);
    return pictureOf(Buffer.from(Shot.parse(shot).data, 'base64'));
  }

  /** Title and visible text. */
  async words(): Promise<{ readonly title: string; readonly text: string }> {
    const expression = `({ title: document.title, text: document.body ? document.body.innerText.slice(0, ${textCharacters}) : '' })`;
    const said = await this.#call('Runtime.evaluate', {
      expression,
      contextId: await this.#world(),
      returnByValue: true,
    });
    return z.strictObject({ title: z.string(), text: z.string() }).parse(Said.parse(said).result.value);
  }

  /** What is visible of what a target names, in the document's order. */
  async seen(target: BrowserTarget): Promise<readonly (Sight & { readonly node: number })[]> {
    const nodes = await this.#find(target);
    const world = await this.#world();
    const sights: (Sight & { readonly node: number })[] = [];
    for (const node of nodes.slice(0, mostElements)) {
      const { visible, ...sight } = Seen.parse(await this.#ask(node, { world, code: look }));
      if (visible) sights.push({ node, ...sight });
    }
    return sights;
  }

  /** With the mouse, in the middle of the element, whatever lies there. */
  async click(node: number): Promise<void> {
    await this.#call('DOM.scrollIntoViewIfNeeded', { backendNodeId: node });
    const { quads } = Quads.parse(await this.#call('DOM.getContentQuads', { backendNodeId: node }));
    const [quad] = quads;
    if (!quad) throw new RefusedByBrowser('The element has no place on the page.');
    const [x, y] = [0, 1].map((axis) => [0, 2, 4, 6].reduce((sum, at) => sum + (quad[at + axis] ?? 0), 0) / 4);
    const mouse = { x, y, button: 'left', clickCount: 1 };
    await this.#call('Input.dispatchMouseEvent', { type: 'mouseMoved', x, y });
    await this.#call('Input.dispatchMouseEvent', { type: 'mousePressed', ...mouse });
    await this.#call('Input.dispatchMouseEvent', { type: 'mouseReleased', ...mouse });
  }

  /** In place of what an input holds; for a list, the choice of that name. False when there is no such choice. */
  async fill(node: number, text: string): Promise<boolean> {
    const world = await this.#world();
    if ((await this.#ask(node, { world, code: howToFill })) === 'value')
      return (await this.#ask(node, { world, code: setValue, given: [text] })) === true;
    if (text === '') await this.press('Backspace');
    else await this.#call('Input.insertText', { text });
    return true;
  }

  async press(name: string): Promise<void> {
    const { text, ...key } = keyOf(name);
    await this.#call('Input.dispatchKeyEvent', { type: text === '' ? 'rawKeyDown' : 'keyDown', ...key, text });
    await this.#call('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
  }

  async #find(target: BrowserTarget): Promise<number[]> {
    const { root } = Root.parse(await this.#call('DOM.getDocument', { depth: 0 }));
    if ('css' in target) {
      const found = await this.#call('DOM.querySelectorAll', { nodeId: root.nodeId, selector: target.css });
      const described = Found.parse(found)
        .nodeIds.slice(0, mostElements)
        .map((nodeId) => this.#call('DOM.describeNode', { nodeId }));
      return (await Promise.all(described)).map((node) => Described.parse(node).node.backendNodeId);
    }
    const { role, name } = target;
    const asked = { backendNodeId: root.backendNodeId, role, ...(name === undefined ? {} : { accessibleName: name }) };
    const { nodes } = Accessible.parse(await this.#call('Accessibility.queryAXTree', asked));
    return nodes.flatMap(({ ignored, backendDOMNodeId }) =>
      ignored !== true && backendDOMNodeId !== undefined ? [backendDOMNodeId] : [],
    );
  }

  async #ask(
    node: number,
    { world, code, given = [] }: { readonly world: number; readonly code: string; readonly given?: readonly string[] },
  ): Promise<unknown> {
    const resolved = await this.#call('DOM.resolveNode', { backendNodeId: node, executionContextId: world });
    const { objectId } = Resolved.parse(resolved).object;
    const said = await this.#call('Runtime.callFunctionOn', {
      objectId,
      functionDeclaration: code,
      arguments: given.map((value) => ({ value })),
      returnByValue: true,
    });
    return Said.parse(said).result.value;
  }

  async #world(): Promise<number> {
    const world = await this.#call('Page.createIsolatedWorld', { frameId: this.#frame, worldName: 'looker' });
    return World.parse(world).executionContextId;
  }

  #answerDialog({ method, params }: BrowserEvent): void {
    if (method !== 'Page.javascriptDialogOpening') return;
    if (this.dialogs.length < 20) this.dialogs.push(String(params['message']).slice(0, 300));
    void this.#call('Page.handleJavaScriptDialog', { accept: true }).catch(() => undefined);
  }

  /** Keeps events from now on, so that none is missed between two waits. */
  #record(): Recording {
    return new Recording(this.#devtools);
  }

  #call(method: string, params: object = {}): Promise<unknown> {
    return this.#devtools.call(method, params, this.#session);
  }

  /** A page that is busy answers nothing. */
  async #soon<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
    return Promise.race([answer, whenAborted(signal)]);
  }
}

class Recording {
  readonly #events: BrowserEvent[] = [];
  readonly #devtools: DevTools;
  readonly #stop: () => void;

  constructor(devtools: DevTools) {
    this.#devtools = devtools;
    this.#stop = devtools.listen((event) => {
      if (this.#events.length < 10_000) this.#events.push(event);
    });
  }

  async first(is: (event: BrowserEvent) => boolean, signal: AbortSignal): Promise<BrowserEvent> {
    const known = this.#events.find(is);
    if (known) return known;
    const { promise, resolve } = Promise.withResolvers<BrowserEvent>();
    const stop = this.#devtools.listen((event) => {
      if (is(event)) resolve(event);
    });
    try {
      return await Promise.race([promise, whenAborted(signal)]);
    } finally {
      stop();
    }
  }

  stop(): void {
    this.#stop();
  }
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const say = (): void =>
      reject(new DomainError('browser_waits', 'unavailable', { message: 'The page did not get there in time.' }));
    if (signal.aborted) say();
    signal.addEventListener('abort', say, { once: true });
  });
}
