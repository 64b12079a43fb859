import type { ReactNode } from 'react';

interface Props {
  id?: string;
  onSubmit: () => void;
  className?: string;
  children: ReactNode;
}

/** Fields one under the other, sent by Enter or a button. What is wrong is said beside the field, not by the browser. */
export function Form({ id, onSubmit, className = 'flex flex-col gap-4', children }: Props) {
  return (
    <form
      id={id}
      noValidate
      className={className}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}
