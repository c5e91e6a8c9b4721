import type { Conventions, Entity, Model, ProjectFile } from '../model/model.ts';
import type { Grammar } from '../reading/grammar.ts';
import type { Catalogue } from '../requirements/catalogue.ts';

/** A part of a project that is written in one step. */
interface Part {
  readonly title: string;
  readonly files: readonly ProjectFile[];
}

interface Instead {
  readonly names: RegExp;
  /** What it uses, after 'uses': "Node's own HTTP server and no framework". */
  readonly uses: string;
}

/** Words that ask for a blueprint. */
interface Asking {
  /** Names of what it is made with, enough by themselves: 'Flask'. */
  readonly names: RegExp;
  /** Its platform, enough where the purpose is named as well: 'Node', 'TypeScript'. */
  readonly platform?: RegExp;
  /** Its language, enough where nothing else of that language is asked for. */
  readonly language?: RegExp;
  /** Words for what it does: 'API'. */
  readonly purpose: RegExp;
  /** Frameworks that ask for it, but that it does not use. */
  readonly instead?: Instead;
  /** Said where only the language was named. */
  readonly assumed: string;
}

/** A parameterised starting project. Pure: the same model gives the same files. */
export interface Blueprint {
  readonly id: string;
  readonly title: string;
  /** What it builds, with its article: 'a Flask API in Python'. */
  readonly builds: string;
  /** What requirements call the product, after 'The': 'API'. */
  readonly product: string;
  /** Toolchain whose test runner runs the project's tests. */
  readonly toolchain: string;
  /** Shell that says in one line what a sandbox here lacks for it, with what mends it; it says nothing where all is there. */
  readonly lacking?: string;
  readonly asking: Asking;
  readonly conventions: Conventions;
  /** How wishes for it are worded. */
  readonly grammar: Grammar;
  /** What the project does, with the checks that can tell. */
  catalogue(model: Model): Catalogue;
  parts(model: Model): readonly Part[];
  /** Where one kind of thing is reached, after its name: ' at /books'. */
  readonly placeOf?: (entity: Entity) => string;
  /** Runs the project's own tests in a shell. */
  testCommand(model: Model): string;
  isTest(file: ProjectFile): boolean;
  /** Ids of the tests in these files, as check kind 'test' names them. */
  testIds(files: readonly ProjectFile[]): string[];
}

export function filesOf(blueprint: Blueprint, model: Model): ProjectFile[] {
  return blueprint.parts(model).flatMap((part) => part.files);
}
