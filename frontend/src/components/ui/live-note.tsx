/** Says a change to screen readers, politely, when the text becomes another one. Nothing is shown. */
export function LiveNote({ text }: { readonly text: string }) {
  return (
    <p role="status" className="sr-only">
      {text}
    </p>
  );
}
