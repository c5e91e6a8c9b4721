import { useSearch } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useTitle } from '../components/shell/title.ts';
import { buttonClasses } from '../components/ui/button.tsx';
import { Notice } from '../components/ui/notice.tsx';

/** Where a browser without a session ends up: how to get a link that opens one. */
export function LoginRoute(): ReactElement {
  useTitle('Sign in');
  const { link } = useSearch({ from: '/sign-in' });
  return (
    <div className="mx-auto max-w-[560px] px-5 py-16">
      {link === 'used' && (
        <Notice tone="warn" className="mb-5" title="This login link was used before or is older than 15 minutes.">
          A link works once. If it was you who opened it, in this browser, try again below.
        </Notice>
      )}
      <h1 className="text-display font-semibold">This browser is not signed in</h1>
      <p className="mt-2 text-pretty text-ink-2">
        AI DevFactory belongs to the person who started it. A link that works once opens it for a browser; there is no
        password.
      </p>
      <h2 className="mt-7 text-lead font-semibold">Get a link</h2>
      <ol className="mt-2 grid gap-2.5">
        <Way
          command="npm start"
          note="in the folder of the factory: it starts what does not run yet and prints the link."
        />
        <Way
          command="devfactory up"
          note="does the same once the command is installed; a factory that runs already just gives a new link."
        />
      </ol>
      <p className="mt-5 text-pretty text-ink-2">
        Open the printed link in this browser. Runs go on meanwhile; nothing is lost.
      </p>
      <a href="/" className={buttonClasses('plain', 'mt-5')}>
        I have opened it: try again
      </a>
    </div>
  );
}

function Way({ command, note }: { readonly command: string; readonly note: string }) {
  return (
    <li className="rounded-lg border border-line bg-panel px-3.5 py-2.5">
      <code className="font-medium">{command}</code>
      <p className="text-ink-2">{note}</p>
    </li>
  );
}
