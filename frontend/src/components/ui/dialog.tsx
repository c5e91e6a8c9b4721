import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

interface Props {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** 'most': for what is looked at, as wide as the window allows. */
  readonly wide?: boolean | 'most';
}

/** A modal question. Focus goes in, stays in and comes back; Escape closes it. */
export function Dialog({ open, onClose, title, description, children, actions, wide = false }: Props) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-shade transition-opacity duration-100 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Base.Popup
          className={cx(
            'fixed top-1/2 left-1/2 z-50 flex max-h-[min(86dvh,760px)] w-[calc(100vw-24px)] -translate-x-1/2 -translate-y-1/2 flex-col rounded-lg border border-line bg-panel shadow-overlay transition-opacity duration-100 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0',
            wide === 'most' ? 'max-w-[1360px]' : wide ? 'max-w-[680px]' : 'max-w-[480px]',
          )}
        >
          <div className="overflow-auto px-5 pt-4 pb-4">
            <Base.Title className="text-lead font-semibold">{title}</Base.Title>
            {description && (
              <Base.Description render={<div />} className="mt-1.5 text-ink-2">
                {description}
              </Base.Description>
            )}
            {children && <div className="mt-3">{children}</div>}
          </div>
          {actions && <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{actions}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
