import { isInsideWorkspace } from '@devfactory/contracts';
import { DomainError, type Workspace } from '@devfactory/kit';
import type { ToolContext } from './tool.ts';

/** The open workspace, for a path in it. Throws DomainError path_escapes. */
export async function workspaceOf({ session }: ToolContext, path: string): Promise<Workspace> {
  if (path !== '.' && !isInsideWorkspace(path)) {
    throw new DomainError('path_escapes', 'invalid', {
      message: `${path} is not a relative path inside the workspace.`,
    });
  }
  return session.workspace();
}
