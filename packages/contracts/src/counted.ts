/** '1 file', '3 files', '12,000 files'. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** How far a result is, in the words that run, console, command line and report share; no full stop. */
export function provenWords(proven: number, total: number): string {
  if (total === 1) return proven === 1 ? 'The one requirement is proven' : 'The one requirement is not proven';
  return proven === total && total > 0
    ? `All ${total} requirements are proven`
    : `${proven} of ${total} requirements are proven`;
}
