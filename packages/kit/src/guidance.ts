import type { GuidanceItem, GuidanceKind, ToolServer, TrustMark } from '@devfactory/contracts';

/** What a person declared for runs to follow, in their settings. */
export interface DeclaredGuidance {
  readonly kind: GuidanceKind;
  readonly name: string;
  readonly about: string;
  /** AGENTS.md, SKILL.md, or servers as in .mcp.json. */
  readonly text: string;
  /** A skill's other files. */
  readonly files?: readonly { readonly path: string; readonly text: string }[];
}

/** The installation's settings, as the engine asks for them when a turn begins. */
export interface GuidanceSource {
  declared(runId: string): Promise<readonly DeclaredGuidance[]>;
  /** What a person trusted in runs of the same project. */
  remembered(runId: string): Promise<readonly TrustMark[]>;
}

/** What an agent is to follow beside its task: people's settings, and what they trust of the project's files. */
export interface Guidance {
  readonly instructions: readonly {
    readonly from: 'person' | 'project';
    readonly path: string;
    readonly hash: string;
    readonly text: string;
  }[];
  /** Read on demand, by name, with the tool `skill`. */
  readonly skills: readonly Pick<GuidanceItem, 'name' | 'about' | 'hash'>[];
  /** Tools of servers in the sandbox, called as `mcp`. */
  readonly tools: readonly {
    readonly server: string;
    readonly tool: string;
    readonly description: string;
    readonly schema: Readonly<Record<string, unknown>>;
  }[];
  /** Servers in force, for agents that start them themselves; left out: none. */
  readonly servers?: readonly ToolServer[];
  /** Servers that could not be asked what they offer. */
  readonly troubles: readonly { readonly server: string; readonly trouble: string }[];
}
