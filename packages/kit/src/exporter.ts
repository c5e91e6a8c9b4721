import type { DeliveryProgress, Destination, ManifestEntry } from '@devfactory/contracts';
import type { BlobStore } from './blob-store.ts';
import { DomainError } from './error.ts';

/** The approved source tree, readable entry by entry in byte order of the path. Its hash was checked by the engine. */
export interface SourceTree {
  readonly hash: string;
  readonly entries: readonly ManifestEntry[];
  read(entry: ManifestEntry & { readonly type: 'file' }): AsyncIterable<Uint8Array>;
}

export interface ExportRequest {
  readonly exportId: string;
  readonly runId: string;
  readonly name: string;
  readonly destination: Destination;
  readonly tree: SourceTree;
  /** The proof, as JSON and as a readable page; it travels beside the tree, never in it. */
  readonly proof: {
    readonly json: string;
    readonly report: string;
    readonly summary: ProofSummary;
    /** Further files beside the tree: 'sbom.json', 'provenance.json'. */
    readonly more?: readonly { readonly name: string; readonly mediaType: string; readonly text: string }[];
  };
  /** The commit of a git repository that the run began with; null when it began with something else. */
  readonly imported: { readonly url: string; readonly commit: string } | null;
  /** The commit of what the delivery is for that was last merged into the tree; left out: none was. */
  readonly base?: string;
  readonly blobs: BlobStore;
  /**
   * Told how far a long delivery is, as often as it likes. Reading the tree is told by whoever gives the tree, so an exporter tells
   * only what it sends and reads back. It does not throw.
   */
  readonly progress?: (at: Omit<DeliveryProgress, 'exportId'>) => void;
}

/** The proof in a few words, for a page that people read. All texts come from people and agents, and are not marked up. */
export interface ProofSummary {
  readonly prompt: string;
  readonly requirements: readonly {
    readonly id: string;
    readonly text: string;
    /** 'proven', 'waived' and the like. */
    readonly status: string;
    readonly checks: readonly { readonly title: string; readonly standing: string }[];
  }[];
}

export interface ExportReceipt {
  readonly location: string;
  readonly files: readonly {
    readonly name: string;
    readonly digest: string;
    readonly bytes: number;
    readonly mediaType: string;
  }[];
  readonly leftOut: readonly { readonly path: string; readonly why: string }[];
  /** What the destination did not take beside the tree, in sentences for people. */
  readonly notes?: readonly string[];
  /** Where the delivery was read back from, and the name that the destination knows the approved tree by. */
  readonly readBack?: { readonly from: string; readonly hash: string };
}

/** One entry of a delivery as it was found where it arrived. What it says is untrusted. A file's bytes are read to their end before the next entry. */
export type ArrivedEntry =
  | {
      readonly type: 'file';
      readonly path: string;
      readonly executable: boolean;
      readonly bytes: AsyncIterable<Uint8Array>;
    }
  | { readonly type: 'symlink'; readonly path: string; readonly target: string };

/** A delivery that was made, for reading it back. */
export interface MadeDelivery extends Pick<ExportReceipt, 'location' | 'files'> {
  readonly runId: string;
  readonly tree: string;
  readonly destination: Destination;
  readonly blobs: BlobStore;
  /** An empty folder of the host's, removed afterwards. */
  readonly directory: string;
}

/** The present state of what a delivery is for, merged into a tree. */
export interface MergedBase {
  readonly branch: string;
  readonly commit: string;
  /** Paths whose files hold git's marks of a conflict, or that one side removed. */
  readonly conflicts: readonly string[];
  /** What differs from the tree by the merge. Read once, before the directory goes. */
  readonly changes: AsyncIterable<ArrivedEntry | { readonly type: 'removed'; readonly path: string }>;
}

/** What is said about a delivery where it is. */
export interface Heard {
  /** Final: nothing more will be said. */
  readonly settled: 'merged' | 'closed' | null;
  readonly words: readonly HeardWords[];
  /** What the delivery is for went on, and it matters. The same advance has the same key. */
  readonly base?: { readonly key: string; readonly branch: string; readonly why: 'conflict' | 'behind' } | null;
}

/** Words of others. The key is the same whenever the same words are heard; titles are the exporter's, quotes are untrusted. */
export interface HeardWords {
  readonly key: string;
  readonly what: 'checks' | 'review' | 'comment';
  readonly author: string;
  readonly url: string;
  readonly parts: readonly { readonly title: string; readonly quote: string }[];
}

/** Somebody at a place asks for a run: by an issue's label, or by a word below it. All words are untrusted. */
export interface RunAsk {
  /** The same ask has the same key. */
  readonly key: string;
  readonly what: 'issue' | 'comment';
  readonly number: number;
  readonly title: string;
  readonly body: string;
  /** Of the issue. */
  readonly author: string;
  readonly asker: string;
  /** Whether whoever asks may write to the repository; null where that is not told to this server. */
  readonly mayWrite: boolean | null;
  /** What was said with it. */
  readonly said: string;
  readonly url: string;
}

/** Issues that may begin runs. */
export interface AskPlace {
  /** What was asked for from this moment on, the oldest first, each as often as it is looked for. Asks only. Throws DomainError. */
  asked(
    wish: { readonly repository: string; readonly label: string; readonly since: Date; readonly changedSince: Date },
    signal: AbortSignal,
  ): Promise<readonly RunAsk[]>;
  /** Writes this below an issue unless something with its `mark` stands there. Throws DomainError. */
  answer(
    answer: { readonly repository: string; readonly number: number; readonly mark: string; readonly text: string },
    signal: AbortSignal,
  ): Promise<void>;
  /** Address of a repository there, as a run's source names it. */
  address(repository: string): string;
}

/** Open issues at a place, the newest first; pull requests are none. All words are untrusted. */
export interface IssueList {
  readonly issues: readonly {
    readonly number: number;
    readonly title: string;
    readonly body: string;
    readonly author: string;
    readonly mayWrite: boolean;
    readonly url: string;
  }[];
  readonly more: boolean;
}

export interface ExporterSetUp {
  readonly ready: boolean;
  readonly place: string;
  readonly why: string;
}

/** Repositories that the server's own set-up opens: they need neither be public nor be reached from a sandbox. */
export interface SourcePlace {
  /** Whether this address leads to a repository there. */
  has(url: string): boolean;
  /**
   * Fetches a branch, tag or commit (null: the default branch) with its history into a git bundle below `directory`, an empty folder.
   * Nothing of it is checked out. Throws DomainError.
   */
  fetch(
    wish: { readonly url: string; readonly ref: string | null; readonly directory: string },
    signal: AbortSignal,
  ): Promise<FetchedSource>;
}

export interface FetchedSource {
  /** A file, and what of it is wanted; null for a repository without any commit. */
  readonly bundle: { readonly path: string; readonly commit: string } | null;
  /** Null for a tag or a commit. */
  readonly branch: string | null;
}

/** Asks for a set-up that may throw DomainError what is missing. */
export function setUpFrom(place: () => string): ExporterSetUp {
  try {
    return { ready: true, place: place(), why: '' };
  } catch (error) {
    if (error instanceof DomainError) return { ready: false, place: '', why: error.message };
    throw error;
  }
}

/** Ships an approved source tree. Looks before it acts: called again with the same exportId it updates, never doubles. */
export interface Exporter {
  readonly id: string;
  readonly title: string;
  /** Whether this server is set up for it, which account or host it leads to, and what to set. Without a secret. */
  setUp(): ExporterSetUp;
  /** Tries a destination as a delivery would, leaves nothing behind, and says what it found. Throws DomainError with the way out. */
  probe(destination: Destination, signal: AbortSignal): Promise<string>;
  /** Throws DomainError invalid_destination, before a run is created. */
  accept(destination: Destination): void;
  deliver(request: ExportRequest, signal: AbortSignal): Promise<ExportReceipt>;
  /**
   * What is at the destination now, read from there anew: unpacked, cloned, downloaded. Each entry once, in any order. Throws DomainError.
   * An exporter without it has its deliveries told as not read back.
   */
  arrived?(delivery: MadeDelivery, signal: AbortSignal): AsyncIterable<ArrivedEntry>;
  /** What is said about a delivery at its destination by now, by checks and by those who may write there. Asks only. Throws DomainError. */
  heard?(delivery: Pick<MadeDelivery, 'runId' | 'destination' | 'location'>, signal: AbortSignal): Promise<Heard>;
  /** Issues that could be requirements. Asks only. Throws DomainError. */
  issues?(
    wish: { readonly repository: string; readonly label?: string | undefined; readonly numbers: readonly number[] },
    signal: AbortSignal,
  ): Promise<IssueList>;
  /**
   * Merges what a delivery is for, as it is now, into a tree, by git's three-way merge and without any program of the repository's.
   * Changes nothing there. Left out where deliveries are for nothing that goes on. Throws DomainError.
   */
  merge?(
    wish: Pick<MadeDelivery, 'runId' | 'destination' | 'location' | 'directory'> & { readonly tree: SourceTree },
    signal: AbortSignal,
  ): Promise<MergedBase>;
  /** Left out where nobody can ask for runs. */
  readonly asks?: AskPlace;
  /** Left out where it has no repositories. */
  readonly sources?: SourcePlace;
  /** An address under which anybody can read the delivery until `expiresAt`. It is a secret: never to be stored or logged. Throws DomainError. */
  link?(delivery: {
    readonly location: string;
    readonly destination: Destination;
    readonly expiresAt: Date;
  }): Promise<string>;
}
