import type { Blueprint } from '../blueprints/blueprint.ts';
import type { Model } from '../model/model.ts';
import type { Behaviour } from '../requirements/behaviour.ts';

/** What a blueprint of a command line tool says of itself. */
export interface Tool {
  readonly blueprint: Blueprint;
  /** Starts the tool in the project's folder. */
  command(model: Model): string;
  /** Commands that the README names. */
  readonly readmeNames: readonly string[];
  readonly ignored: readonly string[];
  /** What else can be read in its files. */
  papers(model: Model): readonly Behaviour[];
}
