import { limits, type IssueFound, type RequirementWish } from '@devfactory/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { factory } from '../../api/factory.ts';
import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Failure } from '../../components/ui/notice.tsx';
import { Scroll } from '../../components/ui/scroll.tsx';
import { counted } from '../../words/format.ts';

interface Props {
  /** What is in the list already. */
  readonly known: readonly string[];
  readonly picked: readonly RequirementWish[];
  readonly onPick: (wishes: readonly RequirementWish[]) => void;
}

/** Issues of a repository, each shown as the requirement that it would be. None is taken that nobody ticked. */
export function IssuePicker({ known, picked, onPick }: Props) {
  const [repository, setRepository] = useState('');
  const [label, setLabel] = useState('');
  const look = useMutation({
    mutationFn: () => factory.issues({ repository: nameOf(repository), ...(label.trim() === '' ? {} : { label }) }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    // The dialog lies in the form that starts a run.
    event.stopPropagation();
    onPick([]);
    look.mutate();
  };
  const toggle = ({ wish }: IssueFound): void =>
    onPick(picked.includes(wish) ? picked.filter((other) => other !== wish) : [...picked, wish]);
  return (
    <>
      <form onSubmit={submit} className="grid items-start gap-x-3 gap-y-2 wide:grid-cols-[1fr_1fr_auto]">
        <Field
          id="issues-repository"
          label="Repository"
          placeholder="owner/name"
          value={repository}
          onChange={(event) => setRepository(event.target.value)}
        />
        <Field
          id="issues-label"
          label="Label"
          placeholder="any"
          value={label}
          onChange={(event) => setLabel(event.target.value)}
        />
        <Button type="submit" className="wide:mt-6" disabled={repository.trim() === '' || look.isPending}>
          {look.isPending ? 'Looking…' : 'Look'}
        </Button>
      </form>
      {look.isError && <Failure className="mt-3" what="The issues could not be read" error={look.error} />}
      {look.isSuccess && (
        <div className="mt-3">
          <p role="status" className="font-medium">
            {counted(look.data.issues.length, 'open issue')}
            {look.data.more && ', the newest of more: a label leads to others'}
          </p>
          <p className="text-small text-ink-2">
            Written by others. The agent gets these words as a quote; read them before you take them.
          </p>
          <Scroll label="Issues" className="mt-1.5 max-h-72 rounded-md border border-line">
            <ul>
              {look.data.issues.map((issue) => (
                <Issue
                  key={issue.number}
                  issue={issue}
                  isPicked={picked.includes(issue.wish)}
                  isKnown={known.includes(issue.wish.text)}
                  isFull={known.length + picked.length >= limits.requirements}
                  onToggle={() => toggle(issue)}
                />
              ))}
            </ul>
          </Scroll>
        </div>
      )}
    </>
  );
}

interface IssueProps {
  readonly issue: IssueFound;
  readonly isPicked: boolean;
  readonly isKnown: boolean;
  readonly isFull: boolean;
  readonly onToggle: () => void;
}

function Issue({ issue, isPicked, isKnown, isFull, onToggle }: IssueProps) {
  const { number, title, author, mayWrite, cut, wish } = issue;
  const notes = [
    mayWrite ? `by ${author}` : `by ${author}, who may not write to the repository`,
    ...(cut ? ['too long, ends early'] : []),
    ...(isKnown ? ['in the list already'] : []),
  ];
  return (
    <li className="border-b border-line px-2.5 py-1.5 last:border-0">
      <label className="tap flex items-start gap-2">
        <input
          type="checkbox"
          className="mt-1"
          checked={isPicked}
          disabled={isKnown || (isFull && !isPicked)}
          onChange={onToggle}
        />
        <span className="min-w-0 flex-1 break-words">
          #{number} {title}
          <span className="block text-small text-ink-3">{notes.join('; ')}</span>
        </span>
      </label>
      <details className="ml-6">
        <summary className="min-h-6 cursor-pointer text-small text-ink-2">
          What the agent would read of #{number}
        </summary>
        <pre className="mono mt-1 text-small break-words whitespace-pre-wrap">{wish.text}</pre>
      </details>
    </li>
  );
}

/** 'owner/name' of what was typed, the address of a repository included. */
function nameOf(typed: string): string {
  const words = typed.trim().replace(/\.git$|\/+$/g, '');
  return /^https?:\/\/[^/]+\/([^/]+\/[^/]+)/.exec(words)?.[1] ?? words;
}
