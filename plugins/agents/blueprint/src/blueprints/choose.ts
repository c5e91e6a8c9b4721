import type { Blueprint } from './blueprint.ts';
import { blueprints } from './list.ts';

export interface Choice {
  readonly blueprint: Blueprint;
  /** Frameworks that were named and are not what the blueprint uses. */
  readonly instead: readonly string[];
  /** What was assumed because nothing said otherwise. */
  readonly assumed: readonly string[];
}

const foreign =
  /\b(rust|kotlin|scala|c\+\+|c#|\.net|asp\.net|php|laravel|symfony|ruby|rails|elixir|phoenix|haskell|swift|swiftui|objective-c|dart|flutter|zig|lua|perl|clojure|django|fastapi|tornado|pyramid|sanic|bottle|aiohttp|deno|bun|cobol|fortran|unity|godot|unreal|vue(?:\.?js)?|angular|svelte(?:kit)?|solid\.?js|astro|next\.?js|nuxt|ember\.?js)\b/i;

/** The blueprint that the texts ask for first; null when they ask for something else. */
export function choose(texts: readonly string[]): Choice | null {
  const [prompt = ''] = texts;
  const all = texts.join('\n');
  const ofKind = ofFirstKind(all);
  const named = ofKind.some((blueprint) => placeIn(all, blueprint).at >= 0);
  // 'A web app in Flask' is named by what it is made with.
  const asked = (named ? ofKind : blueprints.filter(({ asking }) => asking.names.test(all)))
    .map((blueprint) => ({ blueprint, ...placeIn(all, blueprint) }))
    .filter(({ at }) => at >= 0)
    .toSorted((a, b) => a.at - b.at);
  const first = asked.find(({ byLanguage }) => !byLanguage || !foreign.test(prompt));
  if (first) {
    const { blueprint, byLanguage } = first;
    const { asking } = blueprint;
    const instead = asking.instead ? [...all.matchAll(asking.instead.names)].map((match) => match[0]) : [];
    return { blueprint, instead: [...new Set(instead)], assumed: byLanguage ? [asking.assumed] : [] };
  }
  return foreign.test(prompt) || namesPlatform(all) ? null : byPurpose(all, ofKind);
}

/** Blueprints of the kind that is named first: 'a command line tool that calls an API' is no API. */
function ofFirstKind(text: string): readonly Blueprint[] {
  const kinds = [...Map.groupBy(blueprints, ({ asking }) => asking.purpose)].map(([purpose, ofKind]) => ({
    ofKind,
    at: Math.min(...[purpose, ...ofKind.map(({ asking }) => asking.names)].map((words) => placeOf(words, text))),
  }));
  return kinds.toSorted((a, b) => a.at - b.at)[0]?.ofKind ?? [];
}

/** 'CRUD' is done in every kind of project, and says which only where nothing else does. */
function placeOf(words: RegExp, text: string): number {
  const plain = text.replaceAll(/\bcrud\b/gi, (word) => ' '.repeat(word.length)).search(words);
  if (plain >= 0) return plain;
  return words.test(text) ? text.length : Number.POSITIVE_INFINITY;
}

/** Where a blueprint is first asked for, and whether by its language alone. */
function placeIn(text: string, { asking }: Blueprint): { readonly at: number; readonly byLanguage: boolean } {
  const hasPurpose = asking.purpose.test(text);
  const strong = [asking.names, ...(hasPurpose && asking.platform ? [asking.platform] : [])]
    .map((pattern) => text.search(pattern))
    .filter((at) => at >= 0);
  if (strong.length > 0) return { at: Math.min(...strong), byLanguage: false };
  return { at: hasPurpose && asking.language ? text.search(asking.language) : -1, byLanguage: true };
}

function namesPlatform(text: string): boolean {
  return blueprints.some(({ asking }) => asking.platform?.test(text) === true || asking.language?.test(text) === true);
}

function byPurpose(text: string, ofKind: readonly Blueprint[]): Choice | null {
  const blueprint = ofKind.find(({ asking }) => asking.purpose.test(text));
  return blueprint
    ? { blueprint, instead: [], assumed: [`No language was named: it is made with the blueprint ${blueprint.title}.`] }
    : null;
}
