import { DomainError, type ErrorKind } from '@devfactory/kit';
import type { GitFailure } from './git.ts';

interface Reason {
  readonly pattern: RegExp;
  readonly code: string;
  readonly kind: ErrorKind;
  readonly say: string;
}

/** Words of git and of GitHub's own hooks, most telling first. `PLACE` stands for the repository. */
const reasons: readonly Reason[] = [
  {
    pattern: /refusing to allow .*workflow/i,
    code: 'github_workflow_scope',
    kind: 'forbidden',
    say: 'Nothing was pushed: the result changes .github/workflows, and GitHub takes that only from a token with the "workflow" scope (fine-grained: "Workflows: write"). Start the server with such a token, or ask the run to leave the workflows as they are.',
  },
  {
    pattern: /GH009|push protection/i,
    code: 'github_secret',
    kind: 'conflict',
    say: 'GitHub found what looks like a secret and took nothing. Ask for it to be removed, verify and approve again, and make the secret invalid.',
  },
  {
    pattern: /GH006|GH013|protected branch|rule violations/i,
    code: 'github_protected',
    kind: 'conflict',
    say: 'Rules of PLACE do not allow this push. Allow branches named devfactory/* there, or a token that may pass.',
  },
  {
    pattern: /GH001|large files?|exceeds/i,
    code: 'github_too_large',
    kind: 'too-large',
    say: 'GitHub takes no file above 100 MB. Ask for it to be left out or made smaller, or take the ZIP.',
  },
  {
    pattern: /\[rejected\]|fetch first|non-fast-forward|cannot lock ref|failed to update ref/i,
    code: 'github_branch_moved',
    kind: 'conflict',
    say: "The run's branch of PLACE was changed at the same moment. Deliver again: it is looked at anew.",
  },
  {
    pattern: /not our ref|unadvertised object|couldn't find remote ref/i,
    code: 'github_base_gone',
    kind: 'conflict',
    say: 'The commit that the run began with is no longer in PLACE. Begin a run with the repository as it is now.',
  },
  {
    pattern: /Authentication failed|could not read Username|terminal prompts disabled|error: 401/i,
    code: 'github_token_refused',
    kind: 'forbidden',
    say: 'GitHub does not take the token in DEVFACTORY_GITHUB_TOKEN for PLACE. Start the server with one that may write its contents.',
  },
  {
    pattern: /error: 403|Permission to .* denied|Write access .* not granted/i,
    code: 'github_forbidden',
    kind: 'forbidden',
    say: 'The token may not push to PLACE. Use one with write access to contents and pull requests, or deliver to a fork of yours.',
  },
  {
    pattern: /not found|error: 404/i,
    code: 'github_missing',
    kind: 'not-found',
    say: 'PLACE is not there, or the token may not see it.',
  },
  {
    pattern: /No space left|Disk quota/i,
    code: 'disk_full',
    kind: 'too-large',
    say: "The disk of the server's data directory is full. Make room, then deliver again.",
  },
  {
    pattern:
      /resolve host|unable to access|Failed to connect|Connection|timed? ?out|early EOF|RPC failed|hung up|unexpected disconnect|error: (?:429|5\d\d)|too slow/i,
    code: 'github_unreachable',
    kind: 'unavailable',
    say: 'The line to PLACE was cut. Deliver again: it is looked at first, and nothing is doubled.',
  },
];

/** What a failure of git means for the person who delivers. */
export function explainPush(failure: GitFailure, { repository }: { readonly repository: string }): DomainError {
  const words = failure.message;
  const reason = reasons.find(({ pattern }) => pattern.test(words));
  if (reason)
    return new DomainError(reason.code, reason.kind, {
      message: reason.say.replaceAll('PLACE', repository),
      cause: failure,
    });
  return new DomainError('github_git_failed', 'conflict', {
    message: `git could not deliver to ${repository}: ${words.slice(-500)}`,
    cause: failure,
  });
}
