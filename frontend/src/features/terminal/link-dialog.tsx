import { Button, buttonClasses } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';

/** What a program in the sandbox calls a link may lead anywhere: its real address is shown before it is followed. */
export function LinkDialog({ address, onClose }: { readonly address: string | null; readonly onClose: () => void }) {
  return (
    <Dialog
      open={address !== null}
      onClose={onClose}
      title="Open this address?"
      description={<span className="font-mono text-small break-all">{address}</span>}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            Stay here
          </Button>
          <a
            href={address ?? undefined}
            target="_blank"
            rel="noopener noreferrer"
            onClick={onClose}
            className={buttonClasses('primary')}
          >
            Open in a new tab
          </a>
        </>
      }
    >
      A program in the sandbox wrote this link. It is not from the factory.
    </Dialog>
  );
}
