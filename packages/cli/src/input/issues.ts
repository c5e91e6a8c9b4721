import type { Client } from '@devfactory/client';
import { IssueQuery, type RequirementWish } from '@devfactory/contracts';
import { UsageError } from '../failure.ts';

export const issuesForm = 'OWNER/REPO#NUMBER[,NUMBER …]';

/** Issues as they are written on the command line: 'acme/shop#12,14'. Throws UsageError. */
export function readIssues(text: string): IssueQuery {
  const [, repository, numbers] = /^([^#]*)#(.*)$/.exec(text) ?? [];
  const { data } = IssueQuery.safeParse({ repository, numbers });
  if (data?.numbers === undefined)
    throw new UsageError(`--issues is written ${issuesForm}, at most 50 of one repository, not '${text}'.`);
  return data;
}

/** The requirements of these issues, each with its words marked as a quote. Throws ApiError. */
export async function issueWishes(client: Client, query: IssueQuery): Promise<readonly RequirementWish[]> {
  return (await client.issues(query)).issues.map(({ wish }) => wish);
}
