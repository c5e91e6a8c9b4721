import type { Blueprint } from '../blueprints/blueprint.ts';
import type { Model } from '../model/model.ts';
import type { Behaviour } from '../requirements/behaviour.ts';

/** What a blueprint of a web page says of itself. */
export interface Site {
  readonly blueprint: Blueprint;
  /** Commands that the README names. */
  readonly readmeNames: readonly string[];
  readonly ignored: readonly string[];
  /** What else can be read in its files. */
  papers(model: Model): readonly Behaviour[];
  /** The project's own tests. */
  tests(model: Model): readonly Behaviour[];
}
