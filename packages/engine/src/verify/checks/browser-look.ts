import type { BrowserStep } from '@devfactory/contracts';
import type { Page } from '../../browser/index.ts';

type Look = Extract<BrowserStep, { readonly do: 'see' | 'see-not' }>;

const shownCharacters = 600;

/** Null when the page shows what it should; else a sentence. */
export async function looksWrong(page: Page, look: Look): Promise<string | null> {
  const { target, text } = look;
  if (!target) {
    const words = await page.words();
    const there = isIn(`${words.title}\n${words.text}`, text ?? '');
    if (there === (look.do === 'see')) return null;
    return `The page ${there ? 'shows it' : 'does not show it. It says'}:\n${calm(words.text).slice(0, shownCharacters)}`;
  }
  const seen = await page.seen(target);
  const fitting = text === undefined ? seen : seen.filter((sight) => isIn(saidBy(sight), text));
  if (look.do === 'see-not') return fitting.length === 0 ? null : `It is there ${fitting.length} times.`;
  const isRight = look.count === undefined ? fitting.length > 0 : fitting.length === look.count;
  if (isRight) return null;
  const others = seen.map((sight) => JSON.stringify(calm(saidBy(sight)).slice(0, 100))).slice(0, 5);
  return `It is there ${fitting.length} times${others.length === 0 ? '' : `; what is visible of that name says ${others.join(', ')}`}.`;
}

function saidBy({ text, value }: Awaited<ReturnType<Page['seen']>>[number]): string {
  return value === null || value === '' ? text : `${text}\n${value}`;
}

/** Lines and spaces are where the page's width puts them. */
function isIn(whole: string, part: string): boolean {
  return calm(whole).includes(calm(part));
}

function calm(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
