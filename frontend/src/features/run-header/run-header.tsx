import { requirementViews, type RunState } from '@devfactory/contracts';
import { Link } from '@tanstack/react-router';
import { Logo } from '../../components/shell/logo.tsx';
import { buttonClasses } from '../../components/ui/button.tsx';
import { Mark } from '../../components/ui/mark.tsx';
import { Pill } from '../../components/ui/pill.tsx';
import { useRunPlace } from '../../place/run-place.ts';
import { stageWords } from '../../words/stage-words.ts';
import { Waited } from './elapsed.tsx';
import { RunControls } from './run-controls.tsx';
import { RunFigures } from './run-figures.tsx';

/** Which run this is, where it stands, and what can be done about it. */
export function RunHeader({ state }: { readonly state: RunState }) {
  const stage = stageWords(state);
  const { place, go } = useRunPlace();
  const questions = state.questions.filter((question) => question.answer === null).length;
  const proven = requirementViews(state).filter((view) => view.status === 'proven').length;
  const count = `${proven}/${state.requirements.length}`;
  return (
    <header className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-1.5 border-b border-line bg-panel px-3.5 py-2 wide:min-h-[52px] wide:py-1.5">
      <Link to="/runs" aria-label="All runs" className="wide:hidden">
        <Logo />
      </Link>
      <div className="min-w-0 flex-1 basis-56">
        <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-0.5">
          <Link to="/runs" className="text-ink-3 hover:underline max-wide:hidden">
            Runs <span aria-hidden="true">/</span>
          </Link>
          <h1 className="min-w-0 truncate text-lead font-semibold" title={state.name}>
            {state.name}
          </h1>
          <Pill tone={stage.tone}>
            <Mark shape={stage.shape} tone={stage.tone} size={13} />
            {stage.word}
          </Pill>
          {questions > 0 && (
            <Pill tone="warn">{questions === 1 ? '1 question for you' : `${questions} questions for you`}</Pill>
          )}
        </div>
        <p className="line-clamp-2 text-small text-ink-2 wide:line-clamp-1" title={stage.sentence}>
          {stage.sentence}
          <Waited state={state} />
        </p>
      </div>
      <RunFigures state={state} />
      <div className="flex items-center gap-2 max-wide:hidden">
        <button
          type="button"
          aria-expanded={place.pane === 'reqs'}
          onClick={() => go({ pane: place.pane === 'reqs' ? undefined : 'reqs' })}
          className={buttonClasses('plain', 'full:hidden')}
        >
          Requirements {count}
        </button>
        <RunControls state={state} proven={count} />
      </div>
    </header>
  );
}
