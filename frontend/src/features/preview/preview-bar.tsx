import { Camera, ExternalLink, RotateCw, Square } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../../components/ui/icon-button.tsx';
import { Segmented } from '../../components/ui/segmented.tsx';
import type { Device } from '../../place/run-place.ts';

interface Props {
  readonly ports: readonly number[];
  readonly port: number;
  readonly path: string;
  readonly device: Device;
  readonly onPort: (port: number) => void;
  readonly onPath: (path: string) => void;
  readonly onDevice: (device: Device) => void;
  readonly onReload: () => void;
  readonly onTab: () => void;
  readonly onScreenshot: () => void;
  /** Null where the factory did not start what is shown. */
  readonly onStop: (() => void) | null;
}

const devices: readonly { readonly value: Device; readonly label: string; readonly title: string }[] = [
  { value: 'fit', label: 'Fit', title: 'All the width there is' },
  { value: 'phone', label: '390', title: 'A phone, 390 pixels wide' },
  { value: 'tablet', label: '820', title: 'A tablet, 820 pixels wide' },
  { value: 'desktop', label: '1280', title: 'A desktop, 1280 pixels wide' },
];

/** Port, path and width of what is shown. */
export function PreviewBar({
  ports,
  port,
  path,
  device,
  onPort,
  onPath,
  onDevice,
  onReload,
  onTab,
  onScreenshot,
  onStop,
}: Props) {
  const [typed, setTyped] = useState(path);
  return (
    <form
      className="flex flex-wrap items-center gap-1.5 border-b border-line px-2 py-1"
      onSubmit={(event) => {
        event.preventDefault();
        const wanted = `/${typed.trim().replace(/^[/\\]+/, '')}`;
        setTyped(wanted);
        if (wanted === path) onReload();
        else onPath(wanted);
      }}
    >
      <IconButton label="Reload the preview" icon={<RotateCw />} onClick={onReload} />
      <label className="flex min-w-[140px] flex-1 items-center rounded-md border border-line bg-sunk">
        <span className="sr-only">Port</span>
        <select
          aria-label="Port"
          value={port}
          onChange={(event) => onPort(Number(event.target.value))}
          className="tap mono rounded-md bg-transparent pl-2"
        >
          {[...new Set([...ports, port])].map((item) => (
            <option key={item} value={item}>
              :{item}
            </option>
          ))}
        </select>
        <input
          aria-label="Path"
          value={typed}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setTyped(event.target.value)}
          className="tap mono min-w-0 flex-1 bg-transparent px-1.5"
        />
      </label>
      <Segmented label="Width" value={device} options={devices} onChange={onDevice} className="max-wide:hidden" />
      <IconButton label="Say something about this page, with a screenshot" icon={<Camera />} onClick={onScreenshot} />
      <IconButton label="Open in a tab" icon={<ExternalLink />} onClick={onTab} />
      {onStop && <IconButton label="Stop the server" icon={<Square />} onClick={onStop} />}
    </form>
  );
}
