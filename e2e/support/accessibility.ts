import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];

/** What axe finds against WCAG 2.2 AA, one line per element; in a second colour scheme only what colours can change. */
export async function faultsOf(page: Page, rules: 'all' | 'colours' = 'all'): Promise<string[]> {
  // No frame of ours needs the isolated page that axe opens otherwise, which costs a second each time.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations } = await (rules === 'all' ? axe.withTags(tags) : axe.withRules('color-contrast')).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`),
  );
}

/** What stands out of the window's sides, and what scrolls sideways though it is no code and no strip made for it. */
export async function outOfSight(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const nameOf = (element: Element): string =>
      `${element.tagName.toLowerCase()}.${element.classList.value.split(' ', 4).join('.')} "${element.textContent?.slice(0, 40) ?? ''}"`;
    const cuts = (element: Element): boolean => getComputedStyle(element).overflowX !== 'visible';
    const isCut = (element: Element | null): boolean =>
      element !== null && element !== document.documentElement && (cuts(element) || isCut(element.parentElement));
    const mayScroll = (element: Element): boolean =>
      getComputedStyle(element).fontFamily.includes('Mono') || element.getAttribute('role') === 'radiogroup';

    const found: string[] = [];
    const page = document.documentElement;
    if (page.scrollWidth > page.clientWidth) found.push(`the page scrolls sideways, ${page.scrollWidth} px`);
    for (const element of document.body.querySelectorAll('*')) {
      const { left, right, width, height } = element.getBoundingClientRect();
      if (width === 0 || height === 0 || element.closest('.sr-only')) continue;
      if ((right > window.innerWidth + 1 || left < -1) && !isCut(element.parentElement))
        found.push(`off the side: ${nameOf(element)}`);
      const scrolls = ['auto', 'scroll'].includes(getComputedStyle(element).overflowX);
      if (scrolls && element.scrollWidth > element.clientWidth + 1 && !mayScroll(element))
        found.push(`scrolls sideways: ${nameOf(element)}`);
    }
    return found;
  });
}
