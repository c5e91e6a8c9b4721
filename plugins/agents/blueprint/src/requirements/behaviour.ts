import type { CheckProposal } from '@devfactory/contracts';

/** Something a generated project does, in words and as checks that can tell. */
export interface Behaviour {
  /** 'health', 'auth.login', 'books.create', 'books.required.title'. */
  readonly key: string;
  /** EARS wording. */
  readonly text: string;
  /** Status codes that its checks look for. */
  readonly statuses: readonly number[];
  /** True when it is proposed where the person named no requirements. */
  readonly derived: boolean;
  readonly checks: readonly CheckProposal[];
}
