import { useState, type ReactNode } from 'react';
import { Button } from './ui/button.tsx';
import { cx } from './ui/cx.ts';
import { takeFocus } from './ui/take-focus.ts';

interface Props {
  /** Id of the text's field, one for each place on a page. */
  readonly field: string;
  readonly label: ReactNode;
  readonly labelClassName: string;
  readonly text: string;
  readonly placeholder?: string;
  readonly className?: string;
  readonly fieldClassName: string;
  /** Beside the buttons. */
  readonly choice?: ReactNode;
  /** Between text and buttons. */
  readonly failure?: ReactNode;
  readonly submit: string;
  readonly busy: boolean;
  readonly onSubmit: (text: string) => void;
  readonly onCancel: () => void;
}

/** The words of a requirement, new or changed. Escape leaves it while nothing was written. */
export function RequirementForm(props: Props) {
  const [text, setText] = useState(props.text);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        props.onSubmit(text);
      }}
      className={cx('grid gap-1.5', props.className)}
    >
      <label htmlFor={props.field} className={props.labelClassName}>
        {props.label}
      </label>
      <textarea
        id={props.field}
        ref={takeFocus}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && text === props.text && props.onCancel()}
        placeholder={props.placeholder}
        className={cx(
          'field-sizing-content w-full resize-none rounded-md border border-line-strong px-2.5 py-1.5',
          props.fieldClassName,
        )}
      />
      {props.failure}
      <div className="flex flex-wrap justify-end gap-2">
        {props.choice}
        <Button look="quiet" onClick={props.onCancel}>
          Cancel
        </Button>
        <Button type="submit" look="primary" busy={props.busy}>
          {props.submit}
        </Button>
      </div>
    </form>
  );
}
