import { z } from 'zod';
import type { GitHubApi } from './github-api.ts';

const pageSize = 100;
const mostPages = 10;

/** A list of GitHub's, page after page, up to a thousand. */
export async function allPages<T>(api: GitHubApi, path: string, schema: z.ZodType<T>): Promise<T[]> {
  const items: T[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const asked = `${path}${path.includes('?') ? '&' : '?'}per_page=${pageSize}&page=${page}`;
    const { data } = await api.call({ method: 'GET', path: asked, schema: z.array(schema) });
    items.push(...data);
    if (data.length < pageSize) break;
  }
  return items;
}
