import { RangeSet, Transaction, type Extension } from '@codemirror/state';
import {
  Decoration,
  EditorView,
  keymap,
  ViewPlugin,
  WidgetType,
  type DecorationSet,
  type ViewUpdate,
} from '@codemirror/view';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';

/** Marks what this editor typed, so that it is neither typed again nor undone by others. */
const ownHand = { hand: 'own' };

/** An editor's text and a shared text are one: what is typed goes there, what others type comes from there, with their cursors. */
export function sharedText(text: Y.Text, awareness: Awareness): Extension {
  const undo = new Y.UndoManager(text, { trackedOrigins: new Set([ownHand]) });
  const does = (act: () => unknown) => () => {
    act();
    return true;
  };
  return [
    ViewPlugin.define((view) => new Bond(view, text)),
    ViewPlugin.fromClass(Cursors.of(text, awareness), { decorations: (cursors) => cursors.decorations }),
    keymap.of([
      { key: 'Mod-z', run: does(() => undo.undo()), preventDefault: true },
      { key: 'Mod-y', mac: 'Mod-Shift-z', run: does(() => undo.redo()), preventDefault: true },
    ]),
    look,
  ];
}

class Bond {
  readonly #text: Y.Text;
  readonly #take: (event: Y.YTextEvent, transaction: Y.Transaction) => void;

  constructor(view: EditorView, text: Y.Text) {
    this.#text = text;
    this.#take = (event, transaction) => {
      if (transaction.origin === ownHand && !(transaction.origin instanceof Y.UndoManager)) return;
      const changes: { from: number; to: number; insert: string }[] = [];
      let at = 0;
      for (const { insert, delete: gone, retain } of event.delta) {
        if (typeof insert === 'string') changes.push({ from: at, to: at, insert });
        else if (gone !== undefined) {
          changes.push({ from: at, to: at + gone, insert: '' });
          at += gone;
        } else at += retain ?? 0;
      }
      view.dispatch({ changes, annotations: Transaction.remote.of(true) });
    };
    text.observe(this.#take);
  }

  update(update: ViewUpdate): void {
    const remote = update.transactions.some((one) => one.annotation(Transaction.remote) === true);
    if (!update.docChanged || remote) return;
    this.#text.doc?.transact(() => {
      let moved = 0;
      update.changes.iterChanges((...[from, to, , , inserted]) => {
        const insert = inserted.sliceString(0, inserted.length, '\n');
        if (to > from) this.#text.delete(from + moved, to - from);
        if (insert !== '') this.#text.insert(from + moved, insert);
        moved += insert.length - (to - from);
      });
    }, ownHand);
  }

  destroy(): void {
    this.#text.unobserve(this.#take);
  }
}

class Caret extends WidgetType {
  readonly #name: string;

  constructor(name: string) {
    super();
    this.#name = name;
  }

  override eq(other: Caret): boolean {
    return other.#name === this.#name;
  }

  toDOM(): HTMLElement {
    const caret = document.createElement('span');
    caret.className = 'cm-other';
    caret.title = this.#name;
    return caret;
  }
}

/** Where others are. */
class Cursors {
  decorations: DecorationSet = RangeSet.empty;
  readonly #view: EditorView;
  readonly #text: Y.Text;
  readonly #awareness: Awareness;
  readonly #moved: () => void;

  static of(text: Y.Text, awareness: Awareness) {
    return class extends Cursors {
      constructor(view: EditorView) {
        super(view, text, awareness);
      }
    };
  }

  constructor(view: EditorView, text: Y.Text, awareness: Awareness) {
    this.#view = view;
    this.#text = text;
    this.#awareness = awareness;
    // Not at once: the editor may be taking in a change just now.
    this.#moved = () => queueMicrotask(() => this.#view.dispatch({}));
    awareness.on('change', this.#moved);
  }

  update(update: ViewUpdate): void {
    const { head } = update.state.selection.main;
    if (update.selectionSet || update.docChanged || update.focusChanged) {
      const here: unknown = update.view.hasFocus
        ? Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(this.#text, Math.min(head, this.#text.length)))
        : null;
      const before: unknown = this.#awareness.getLocalState()?.['cursor'];
      if (JSON.stringify(here) !== JSON.stringify(before ?? null)) this.#awareness.setLocalStateField('cursor', here);
    }
    const places: { readonly at: number; readonly name: string }[] = [];
    for (const [client, state] of this.#awareness.getStates()) {
      if (client === this.#awareness.clientID || !state['cursor'] || !this.#text.doc) continue;
      const place = Y.createAbsolutePositionFromRelativePosition(
        Y.createRelativePositionFromJSON(state['cursor']),
        this.#text.doc,
      );
      const name = typeof state['name'] === 'string' ? state['name'] : 'Somebody';
      if (place && place.index <= update.state.doc.length) places.push({ at: place.index, name });
    }
    this.decorations = Decoration.set(
      places
        .toSorted((a, b) => a.at - b.at)
        .map(({ at, name }) => Decoration.widget({ widget: new Caret(name), side: 1 }).range(at)),
    );
  }

  destroy(): void {
    this.#awareness.off('change', this.#moved);
  }
}

const look = EditorView.theme({
  '.cm-other': { borderLeft: '2px solid var(--accent)', marginLeft: '-1px', marginRight: '-1px' },
});
