/** A name that every file system takes, without the ending. */
export function archiveName(wanted: string): string {
  const plain = wanted
    .replace(/\.zip$/i, '')
    // oxlint-disable-next-line no-control-regex -- control characters are among what file names must not hold.
    .replaceAll(/[\u0000-\u001f\u007f/\\:*?"<>|]+/g, '-')
    .replaceAll(/^[\s.-]+|[\s.]+$/g, '');
  let name = '';
  for (const character of plain) {
    if (Buffer.byteLength(name + character) > 200) break;
    name += character;
  }
  return name === '' ? 'project' : name;
}
