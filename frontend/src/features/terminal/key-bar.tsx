const keys = [
  { name: 'Esc', sent: '\u001b' },
  { name: 'Tab', sent: '\t' },
  { name: 'Ctrl C', sent: '\u0003' },
  { name: 'Ctrl D', sent: '\u0004' },
  { name: '↑', label: 'Up', sent: '\u001b[A' },
  { name: '↓', label: 'Down', sent: '\u001b[B' },
  { name: '←', label: 'Left', sent: '\u001b[D' },
  { name: '→', label: 'Right', sent: '\u001b[C' },
] as const;

/** Keys that a touch screen's keyboard does not have. */
export function KeyBar({ onKey }: { readonly onKey: (sent: string) => void }) {
  return (
    <div
      role="group"
      aria-label="Keys"
      className="hidden shrink-0 overflow-x-auto border-t border-line bg-panel pointer-coarse:flex"
    >
      {keys.map((key) => (
        <button
          key={key.name}
          type="button"
          aria-label={'label' in key ? key.label : key.name}
          // The terminal keeps the focus, and with it the keyboard stays up.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onKey(key.sent)}
          className="tap min-h-11 min-w-11 flex-1 px-2 text-small whitespace-nowrap text-ink-2"
        >
          {key.name}
        </button>
      ))}
    </div>
  );
}
