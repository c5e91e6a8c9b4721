import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from '@codemirror/commands';
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, Transaction, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { languageOf } from './languages.ts';
import { smallestChange } from './smallest-change.ts';

/** Colour is kept for evidence: code is told apart by weight, slant and the one accent, as everywhere in the console. */
const inks = HighlightStyle.define([
  { tag: [tags.comment, tags.quote], color: 'var(--ink-3)', fontStyle: 'italic' },
  { tag: [tags.string, tags.regexp, tags.meta], color: 'var(--ink-2)' },
  { tag: [tags.keyword, tags.bool, tags.null, tags.tagName, tags.modifier, tags.typeName], color: 'var(--accent)' },
  { tag: [tags.definition(tags.variableName), tags.definition(tags.function(tags.variableName))], fontWeight: '600' },
  { tag: [tags.className, tags.heading, tags.strong, tags.propertyName], fontWeight: '600' },
  { tag: tags.emphasis, fontStyle: 'italic' },
]);

const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--panel)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'inherit', lineHeight: '20px', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--ink)', paddingBottom: '40vh' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--panel)', color: 'var(--ink-3)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--sunk)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--accent-wash)',
  },
  '.cm-selectionMatch, .cm-searchMatch': { backgroundColor: 'var(--warn-wash)', outline: '1px solid var(--warn)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--accent-wash)' },
  '.cm-matchingBracket': { outline: '1px solid var(--line-strong)', backgroundColor: 'transparent' },
  '.cm-panels': { backgroundColor: 'var(--bg)', color: 'var(--ink)', borderColor: 'var(--line)' },
  '.cm-textfield': { backgroundColor: 'var(--panel)', border: '1px solid var(--line-strong)' },
  '.cm-button': {
    background: 'var(--panel)',
    color: 'var(--ink)',
    border: '1px solid var(--line)',
    minHeight: '24px',
  },
  '.cm-panel.cm-search label': { fontSize: '12px' },
});

export interface EditorWishes {
  readonly parent: HTMLElement;
  readonly path: string;
  readonly text: string;
  /** What it is called by a screen reader. */
  readonly label: string;
  readonly readOnly: boolean;
  readonly wrap: boolean;
  /** Typed by the person, and not put in from outside. */
  readonly onType: (text: string) => void;
  readonly onSave: () => void;
  /** What else it can do, e.g. be typed into by several people. */
  readonly also?: Extension;
}

/** An editor in the page. */
export interface Editor {
  readonly view: EditorView;
  readonly text: () => string;
  /** Puts a text in, as the smallest change, so that cursor and scroll stay where they are. */
  readonly setText: (text: string) => void;
  readonly setWrap: (wrap: boolean) => void;
  readonly close: () => void;
}

/** Tab indents; Escape, then Tab leaves the editor, as its description says. */
export function openEditor(wishes: EditorWishes): Editor {
  const [language, wrapping] = [new Compartment(), new Compartment()];
  const wrapped = (wrap: boolean): Extension => (wrap ? EditorView.lineWrapping : []);
  const save = (): boolean => {
    wishes.onSave();
    return true;
  };
  const view = new EditorView({
    parent: wishes.parent,
    state: EditorState.create({
      doc: wishes.text,
      extensions: [
        // Line ends stay as they are in the file.
        EditorState.lineSeparator.of(lineEndOf(wishes.text)),
        EditorState.readOnly.of(wishes.readOnly),
        lineNumbers(),
        highlightActiveLineGutter(),
        highlightSpecialChars(),
        wishes.also ?? history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        highlightActiveLine(),
        highlightSelectionMatches(),
        search({ top: true }),
        syntaxHighlighting(inks),
        indentUnit.of(indentOf(wishes.text)),
        keymap.of([
          { key: 'Mod-s', run: save, preventDefault: true },
          { key: 'Tab', run: indentMore, shift: indentLess },
          ...searchKeymap,
          ...historyKeymap,
          ...defaultKeymap,
        ]),
        EditorView.contentAttributes.of({
          'aria-label': wishes.label,
          'aria-describedby': 'editor-keys',
          spellcheck: 'false',
          tabindex: '0',
        }),
        EditorView.updateListener.of((update) => {
          const typed = update.transactions.some(
            (one) => one.docChanged && one.annotation(Transaction.remote) !== true,
          );
          if (typed) wishes.onType(update.state.sliceDoc());
        }),
        language.of([]),
        wrapping.of(wrapped(wishes.wrap)),
        look,
      ],
    }),
  });
  let open = true;
  void languageOf(wishes.path, wishes.text).then((support) => {
    if (support && open) view.dispatch({ effects: language.reconfigure(support) });
  });
  return {
    view,
    text: () => view.state.sliceDoc(),
    setText: (text) => {
      const change = smallestChange(view.state.doc.toString(), view.state.toText(text).toString());
      if (change) view.dispatch({ changes: change, annotations: Transaction.remote.of(true) });
    },
    setWrap: (wrap) => view.dispatch({ effects: wrapping.reconfigure(wrapped(wrap)) }),
    close: () => {
      open = false;
      view.destroy();
    },
  };
}

/** Where a file mixes line ends, each stays what it is: the rarer ones are shown as what they are. */
function lineEndOf(text: string): string {
  const all = text.split('\n').length - 1;
  return all > 0 && text.split('\r\n').length - 1 === all ? '\r\n' : '\n';
}

function indentOf(text: string): string {
  const first = /^(?<indent>\t| {2,8})\S/m.exec(text)?.groups?.['indent'];
  return first ?? '  ';
}
