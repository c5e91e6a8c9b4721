import type { IdeWish } from '@devfactory/contracts';

/** The address below VS Code's origin that shows the workspace, and a file at a line. */
export function idePath(origin: string, { file, line = 1 }: IdeWish): string {
  const query = new URLSearchParams({ folder: '/workspace' });
  if (file !== undefined) {
    const path = file.split('/').map(encodeURIComponent).join('/');
    const address = `vscode-remote://${new URL(origin).host}/workspace/${path}:${line}`;
    query.set(
      'payload',
      JSON.stringify([
        ['openFile', address],
        ['gotoLineMode', 'true'],
      ]),
    );
  }
  return `/?${query.toString()}`;
}
