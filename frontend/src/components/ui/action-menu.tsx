import { Menu } from '@base-ui/react/menu';
import { Ellipsis } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

interface Action {
  readonly label: ReactNode;
  readonly onChoose: () => void;
  readonly disabled?: boolean;
}

interface Props {
  /** What the actions are about; it names the button. */
  readonly label: string;
  readonly actions: readonly Action[];
  readonly className?: string;
}

/** What is done less often, behind three dots. */
export function ActionMenu({ label, actions, className }: Props) {
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger
        aria-label={label}
        title={label}
        className={cx(
          'tap tap-square inline-grid min-w-[30px] place-items-center rounded-md text-ink-2 hover:bg-sunk hover:text-ink',
          className,
        )}
      >
        <Ellipsis aria-hidden="true" className="size-4" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end" className="z-50">
          <Menu.Popup className="min-w-48 rounded-lg border border-line bg-panel p-1 shadow-overlay outline-none">
            {actions.map((action, index) => (
              <Menu.Item
                key={index}
                disabled={action.disabled ?? false}
                onClick={action.onChoose}
                className="tap flex cursor-default items-center rounded-md px-2.5 outline-none data-disabled:opacity-50 data-highlighted:bg-sunk"
              >
                {action.label}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
