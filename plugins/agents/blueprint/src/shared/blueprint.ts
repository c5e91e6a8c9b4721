import type { Model, ProjectFile } from '../model/model.ts';

/** A part of a project that is written in one step. */
interface Part {
  readonly title: string;
  readonly files: readonly ProjectFile[];
}

/** A parameterised starting project. Pure: the same model gives the same files. */
export interface Blueprint {
  readonly id: string;
  readonly title: string;
  /** Toolchain whose test runner runs the project's tests. */
  readonly toolchain: string;
  parts(model: Model): readonly Part[];
  /** Runs the project's own tests in a shell. */
  testCommand(model: Model): string;
  isTest(file: ProjectFile): boolean;
  /** Ids of the tests in these files, as check kind 'test' names them. */
  testIds(files: readonly ProjectFile[]): string[];
}

export function filesOf(blueprint: Blueprint, model: Model): ProjectFile[] {
  return blueprint.parts(model).flatMap((part) => part.files);
}
