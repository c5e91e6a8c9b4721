import type { Behaviour } from '../requirements/behaviour.ts';
import { file, paper } from '../requirements/papers.ts';

/** What can be read in the files of every page. */
export function pagePapers({ html, style }: { readonly html: string; readonly style: string }): Behaviour[] {
  return [
    paper({
      key: 'responsive',
      text: 'The page shall fit small screens.',
      checks: [
        file('the page has the width of its screen', html, ['name="viewport" content="width=device-width']),
        file('small screens have a layout of their own', style, ['@media (width < 45rem)']),
      ],
    }),
    paper({
      key: 'dark',
      text: 'The page shall be dark where the browser asks for it.',
      checks: [file('colours come in light and dark', style, ['color-scheme: light dark', 'light-dark('])],
    }),
  ];
}
