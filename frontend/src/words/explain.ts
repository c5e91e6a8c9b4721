/** What an error says to a person, and its stable code. */
export function explain(error: unknown): { readonly detail: string; readonly code: string } {
  if (error instanceof TypeError)
    return {
      code: 'unreachable',
      detail: 'The factory did not answer. It may be restarting; what it has recorded is kept.',
    };
  if (error instanceof Error) {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unexpected';
    return { code, detail: error.message };
  }
  return { code: 'unexpected', detail: String(error) };
}
