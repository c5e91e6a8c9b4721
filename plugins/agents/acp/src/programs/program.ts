import type { WireFormat } from '@devfactory/contracts';
import type { AgentProgram, SandboxModels } from '@devfactory/kit';

/** How one vendor's agent is fetched, started and pointed at the run's model. */
export interface AcpProgram {
  /** The agent's id, as people choose it. */
  readonly id: string;
  readonly title: string;
  readonly note: string;
  /** Where it comes from; null for a command that is on the machine. */
  readonly program: AgentProgram | null;
  /** What it speaks with the model, as `settings` leads it to. */
  readonly wire: WireFormat;
  /** The package's command, or one on the sandbox's PATH, and what makes it speak ACP. */
  readonly command: readonly [string, ...string[]];
  /** Its settings: environment, and files relative to a home folder of its own. The token stands in the place of a key and is good for one run. */
  settings(models: SandboxModels): ProgramSettings;
  /** The mode it works in, where it would begin in another: one in which it asks before it changes something, if it has such. */
  readonly mode?: string;
}

interface ProgramSettings {
  readonly env: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}
