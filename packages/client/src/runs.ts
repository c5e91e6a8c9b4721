import {
  CheckpointPage,
  Comparison,
  DeliveryLink,
  DeliveryPreview,
  FileWritten,
  LogSearchPage,
  readEvent,
  RemovalPreview,
  RestorePreview,
  WorkspaceFile,
  WorkspaceFolder,
  type CreateRun,
  type CreateRunInput,
  type Destination,
  type ForkRunInput,
  type Removal,
  type RunCommandInput,
  type RunEvent,
  type RunState,
} from '@devfactory/contracts';
import * as answers from './answers.ts';
import type { Transport } from './transport.ts';

export interface ListOptions {
  readonly limit?: number;
  /** `next` of the page before. */
  readonly before?: string;
  /** Default newest. */
  readonly sort?: 'newest' | 'active' | 'name' | 'open';
  readonly state?: string;
  /** Words of name or prompt. */
  readonly q?: string;
  /** Only runs that began with a checkpoint of this one. */
  readonly forkedFrom?: string;
  /** Default no. */
  readonly archived?: 'no' | 'yes' | 'all';
}

/** Two checkpoints, and a path where one file is meant. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/** A part of a list: `next` of one page is the `offset` of the following. */
export interface PageOptions {
  readonly offset?: number;
  readonly limit?: number;
}

/** What is compared: without `from` the base, without `to` the head; `all` also what is no source. */
export interface CompareOptions extends PageOptions {
  readonly from?: string;
  readonly to?: string;
  readonly scope?: 'source' | 'all';
}

/** What is looked for in a run's log. */
export interface LogSearchOptions {
  readonly q: string;
  /** Event types or their nouns: ['tool', 'evidence.recorded']. */
  readonly kinds?: readonly string[];
  readonly fromStep?: number;
  readonly toStep?: number;
  /** no: only in the events, not in the outputs that they name. */
  readonly output?: 'yes' | 'no';
  /** `next` of the page before. */
  readonly after?: number;
  readonly limit?: number;
}

/** Routes of one run. Each method throws ApiError. */
export class Runs {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  list(options: ListOptions = {}): Promise<answers.RunPage> {
    return this.#transport.json('/api/runs', answers.RunPage, { query: { ...options } });
  }

  create(request: CreateRunInput): Promise<answers.RunCreated> {
    return this.#transport.json('/api/runs', answers.RunCreated, { method: 'POST', json: request });
  }

  /** Begins a run with a checkpoint of this one; what is left out is as in this one. */
  fork(id: string, wish: ForkRunInput): Promise<answers.RunCreated> {
    return this.#transport.json(path(id, 'forks'), answers.RunCreated, { method: 'POST', json: wish });
  }

  /** What archiving or deleting the run would take away, and what stays. */
  removalPreview(id: string, removal: Removal): Promise<RemovalPreview> {
    return this.#transport.json(path(id, 'removal'), RemovalPreview, { query: { do: removal } });
  }

  /** Keeps log, proof and pinned checkpoints. With the `seq` of the preview it is refused when the run went on since. */
  async archive(id: string, order: { readonly seq?: number } = {}): Promise<void> {
    await this.#transport.send(path(id, 'archive'), { method: 'POST', query: { ...order } });
  }

  /** Removes the run with its workspace, blobs and log. Again is no error. */
  async delete(id: string, order: { readonly seq?: number } = {}): Promise<void> {
    await this.#transport.send(path(id), { method: 'DELETE', query: { ...order } });
  }

  /** The folded state. Its shape is the server's own fold and is trusted: parsing it would repeat every schema in the browser's bundle. */
  async get(id: string): Promise<RunState> {
    return (await this.#transport.trusted(path(id))) as RunState;
  }

  /** The request as it was made, prompt and requirements included; trusted like the state, for it was parsed when it came. */
  async request(id: string): Promise<CreateRun> {
    return (await this.#transport.trusted(path(id, 'request'))) as CreateRun;
  }

  /** Says something to a run. ApiError with status 409 and the rule's code when it cannot be taken now. */
  command(id: string, command: RunCommandInput): Promise<{ readonly seq: number }> {
    return this.#transport.json(path(id, 'commands'), answers.SeqAnswer, { method: 'POST', json: command });
  }

  /** Events after `after`, oldest first, at most `limit`. Ends with an empty page. Unknown types are left out, so use `lastSeq` to go on. */
  async log(
    id: string,
    options: { readonly after?: number; readonly limit?: number } = {},
  ): Promise<{ readonly events: RunEvent[]; readonly lastSeq: number }> {
    const page = await this.#transport.json(path(id, 'log'), answers.EventPage, { query: { ...options } });
    const last = page.events.at(-1) as { readonly seq?: number } | undefined;
    return { events: page.events.flatMap((raw) => readEvent(raw) ?? []), lastSeq: last?.seq ?? options.after ?? 0 };
  }

  /** Events that hold a text, oldest first; go on while `next` is a number, also after an empty page. */
  searchLog(id: string, { kinds, ...options }: LogSearchOptions): Promise<LogSearchPage> {
    const query = { ...options, kinds: kinds?.join(',') };
    return this.#transport.json(path(id, 'log', 'search'), LogSearchPage, { query });
  }

  check(id: string, checkId: string): Promise<answers.CheckDetail> {
    return this.#transport.json(path(id, 'checks', checkId), answers.CheckDetail);
  }

  /** Paths of a checkpoint's source tree. */
  files(id: string, checkpointId: string): Promise<answers.FileList> {
    return this.#transport.json(path(id, 'checkpoints', checkpointId, 'files'), answers.FileList);
  }

  file(id: string, checkpointId: string, file: string): Promise<answers.FileText> {
    return this.#transport.json(path(id, 'checkpoints', checkpointId, 'file'), answers.FileText, {
      query: { path: file },
    });
  }

  changes(id: string, span: Span): Promise<answers.ChangeList> {
    return this.#transport.json(path(id, 'changes'), answers.ChangeList, { query: { ...span } });
  }

  /** Checkpoints with names and pins, oldest first. */
  checkpoints(id: string, page: PageOptions = {}): Promise<CheckpointPage> {
    return this.#transport.json(path(id, 'checkpoints'), CheckpointPage, { query: { ...page } });
  }

  /** What differs between two checkpoints, page by page, with renames. */
  compare(id: string, options: CompareOptions = {}): Promise<Comparison> {
    return this.#transport.json(path(id, 'compare'), Comparison, { query: { ...options } });
  }

  /** What restoring a checkpoint, or files and folders of it, would change. */
  restorePreview(
    id: string,
    checkpointId: string,
    { paths = [], ...page }: PageOptions & { readonly paths?: readonly string[] } = {},
  ): Promise<RestorePreview> {
    const query = { path: paths, ...page };
    return this.#transport.json(path(id, 'checkpoints', checkpointId, 'restore-preview'), RestorePreview, { query });
  }

  /** One file's difference; `oldPath` is what a renamed file was called in `from`. */
  change(id: string, span: Span & { readonly path: string; readonly oldPath?: string }): Promise<answers.FilePatch> {
    return this.#transport.json(path(id, 'changes', 'file'), answers.FilePatch, { query: { ...span } });
  }

  /** One folder of the workspace as it is now; '.' is all of it. */
  folderNow(id: string, folder = '.'): Promise<WorkspaceFolder> {
    return this.#transport.json(path(id, 'workspace', 'tree'), WorkspaceFolder, { query: { path: folder } });
  }

  /** A file of the workspace as it is now. */
  fileNow(id: string, file: string): Promise<WorkspaceFile> {
    return this.#transport.json(path(id, 'workspace', 'file'), WorkspaceFile, { query: { path: file } });
  }

  /** Where a browser downloads a file of the workspace as it is now. */
  fileNowUrl(id: string, file: string): string {
    return this.#transport.url(path(id, 'workspace', 'raw'), { path: file });
  }

  /** Writes a file whole. ApiError file_changed (409) with `problem.current` when it is not what was expected; null: there is none. */
  writeFile(
    id: string,
    file: {
      readonly path: string;
      readonly expected: string | null;
      readonly content: Blob;
      readonly via?: 'editor' | 'upload';
    },
  ): Promise<FileWritten> {
    return this.#transport.json(path(id, 'workspace', 'file'), FileWritten, {
      method: 'PUT',
      query: { path: file.path, expected: file.expected ?? 'none', via: file.via },
      body: file.content,
      headers: { 'content-type': 'application/octet-stream' },
    });
  }

  /** Removes a file that is as expected, or, with null, a folder with all that is in it. */
  removeFile(id: string, file: { readonly path: string; readonly expected: string | null }): Promise<FileWritten> {
    return this.#transport.json(path(id, 'workspace', 'file'), FileWritten, {
      method: 'DELETE',
      query: { path: file.path, expected: file.expected ?? 'none' },
    });
  }

  /** Opens a text for several to type into: the name of its Yjs document. */
  shareFile(id: string, file: string): Promise<answers.SharedDocument> {
    return this.#transport.json(path(id, 'workspace', 'shared'), answers.SharedDocument, {
      method: 'POST',
      json: { path: file },
    });
  }

  /** Moves a file or a folder to a path where nothing is. */
  moveFile(id: string, move: { readonly from: string; readonly to: string }): Promise<FileWritten> {
    return this.#transport.json(path(id, 'workspace', 'moves'), FileWritten, { method: 'POST', json: move });
  }

  /** Text of a blob that the run's events name, whole or `length` bytes from `offset`. */
  async blob(
    id: string,
    digest: string,
    range: { readonly offset?: number; readonly length?: number } = {},
  ): Promise<string> {
    return (await this.#transport.send(path(id, 'blobs', digest), { query: { ...range } })).text();
  }

  /** What would be delivered, what stays behind, and what would stop it. */
  deliveryPreview(id: string, destination: Destination): Promise<DeliveryPreview> {
    const json = { destination };
    return this.#transport.json(path(id, 'delivery-preview'), DeliveryPreview, { method: 'POST', json });
  }

  /** An address that reads a delivery for some hours, for whoever has it. Keep it nowhere. */
  deliveryLink(id: string, exportId: string, hours: number): Promise<DeliveryLink> {
    const json = { hours };
    return this.#transport.json(path(id, 'exports', exportId, 'link'), DeliveryLink, { method: 'POST', json });
  }

  /** Where a browser downloads a delivered file. */
  exportUrl(id: string, exportId: string, name: string): string {
    return this.#transport.url(path(id, 'exports', exportId, 'files', name));
  }

  /** A delivered file as a response whose body can be streamed. */
  download(id: string, exportId: string, name: string): Promise<Response> {
    return this.#transport.send(path(id, 'exports', exportId, 'files', name), { headers: { accept: '*/*' } });
  }
}

function path(id: string, ...rest: readonly string[]): string {
  return ['/api/runs', id, ...rest].map((part, index) => (index === 0 ? part : encodeURIComponent(part))).join('/');
}
