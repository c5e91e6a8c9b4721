import type { Project } from '@devfactory/kit';
import type { Program } from './program.ts';

export const installMs = 600_000;
export const buildMs = 600_000;

/** What a build system makes of a tree, before the project's own words go first. */
export interface Kind extends Pick<Project, 'title' | 'install' | 'manifests' | 'build'> {
  readonly program: Program | null;
}
