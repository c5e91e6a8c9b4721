import type { QuestionRecord, RunState } from '@devfactory/contracts';
import { useState } from 'react';
import { useCommand } from '../../api/queries.ts';
import { Button } from '../../components/ui/button.tsx';
import { Mark } from '../../components/ui/mark.tsx';
import { Failure } from '../../components/ui/notice.tsx';

/** What the agent wants to know, above everything else one could say. */
export function OpenQuestions({ state }: { readonly state: RunState }) {
  const open = state.questions.filter((question) => question.answer === null);
  if (open.length === 0 || state.stage.name === 'cancelled') return null;
  return (
    <section
      aria-label="Questions for you"
      className="grid max-h-[45%] shrink-0 gap-2 overflow-auto border-t border-line bg-panel px-3.5 py-3"
    >
      {open.map((question) => (
        <Question key={question.id} question={question} runId={state.id} />
      ))}
    </section>
  );
}

function Question({ question, runId }: { readonly question: QuestionRecord; readonly runId: string }) {
  const [words, setWords] = useState('');
  const answer = useCommand(runId);
  const say = (text: string): void => {
    if (text.trim() !== '') answer.mutate({ do: 'answer', questionId: question.id, answer: text });
  };
  const field = `answer-${question.id}`;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        say(words);
      }}
      className="flex gap-2.5"
    >
      <Mark shape="corner" tone="warn" className="mt-px" />
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words whitespace-pre-wrap">{question.question}</p>
        {question.options.length > 0 && (
          <div className="mt-2 flex flex-wrap gap-2">
            {question.options.map((option) => (
              <Button
                key={option}
                busy={answer.isPending}
                onClick={() => say(option)}
                className="max-w-full whitespace-normal"
              >
                {option}
              </Button>
            ))}
          </div>
        )}
        <div className="mt-2 flex gap-2">
          <label htmlFor={field} className="sr-only">
            Answer in your own words
          </label>
          <input
            id={field}
            value={words}
            onChange={(event) => setWords(event.target.value)}
            placeholder="Answer in your own words"
            className="tap min-w-0 flex-1 rounded-md border border-line-strong bg-bg px-2.5"
          />
          <Button type="submit" busy={answer.isPending} look={question.options.length === 0 ? 'primary' : 'plain'}>
            Answer
          </Button>
        </div>
        {answer.error && <Failure what="Your answer was not taken" error={answer.error} className="mt-2" />}
      </div>
    </form>
  );
}
