import { issueWish, type IssueQuery, type IssuesFound } from '@devfactory/contracts';
import { DomainError, type Exporter } from '@devfactory/kit';

const askMs = 60_000;

/** Issues as requirements. They are only shown: a person takes those that are meant. */
export class Issues {
  readonly #exporters: ReadonlyMap<string, Exporter>;

  constructor(exporters: ReadonlyMap<string, Exporter>) {
    this.#exporters = exporters;
  }

  /** Throws issues_off, issue_missing, github_*. */
  async find({ repository, label, numbers = '' }: IssueQuery): Promise<IssuesFound> {
    const exporter = this.#exporters.get('github');
    const setUp = exporter?.setUp();
    if (!exporter?.issues || setUp?.ready !== true)
      throw new DomainError('issues_off', 'conflict', {
        message: `Issues cannot be read here. ${setUp?.why ?? 'This server has no way to GitHub.'}`,
      });
    const wish = { repository, label, numbers: numbers === '' ? [] : numbers.split(',').map(Number) };
    const { issues, more } = await exporter.issues(wish, AbortSignal.timeout(askMs));
    return {
      issues: issues.map(({ body, ...issue }) => ({ ...issue, ...issueWish({ ...issue, repository, body }) })),
      more,
    };
  }
}
