interface Key {
  readonly key: string;
  readonly code: string;
  readonly windowsVirtualKeyCode: number;
  /** What it types; empty for keys that type nothing. */
  readonly text: string;
}

const named: Readonly<Record<string, readonly [code: number, text: string]>> = {
  Enter: [13, '\r'],
  Tab: [9, ''],
  Escape: [27, ''],
  Backspace: [8, ''],
  Delete: [46, ''],
  Home: [36, ''],
  End: [35, ''],
  ArrowLeft: [37, ''],
  ArrowUp: [38, ''],
  ArrowRight: [39, ''],
  ArrowDown: [40, ''],
};

/** A key by its name, or the character that it types. */
export function keyOf(name: string): Key {
  const [code, text] = named[name] ?? [name.toUpperCase().charCodeAt(0), name];
  return { key: name, code: name in named ? name : '', windowsVirtualKeyCode: code, text };
}
