export type {
  About,
  ChangeList,
  CheckDetail,
  FileList,
  FilePatch,
  FileText,
  RunCreated,
  RunPage,
  UploadReceipt,
} from './answers.ts';
export { ApiError } from './api-error.ts';
export { createClient, type Client } from './client.ts';
export type { Connection, FollowOptions } from './follow.ts';
export type { FollowRunOptions } from './follow-run.ts';
export type { DayBudgets } from './models.ts';
export type { CompareOptions, ListOptions, LogSearchOptions, PageOptions, Runs, Span } from './runs.ts';
export type { ClientOptions } from './transport.ts';
