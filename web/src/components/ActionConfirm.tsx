import type { ReactNode } from 'react';
import type { ApiError } from '@/api/error';
import { Button } from '@/ui/Button';
import { Confirm } from '@/ui/Dialog';
import { ErrorPanel } from '@/ui/States';

interface Props {
  title: string;
  /** The word on the button. */
  doing: string;
  /** What is called; what the server says against it shows in the question. */
  call: { isPending: boolean; error: ApiError | null };
  onConfirm: () => void;
  onClose: () => void;
  /** Something that cannot be taken back. */
  loud?: boolean;
  /** Fields among the children that say what is wrong with them themselves. */
  saying?: readonly string[];
  /** What happens. */
  children: ReactNode;
}

/** Asks before one call that takes something away. */
export function ActionConfirm({
  title,
  doing,
  call,
  onConfirm,
  onClose,
  loud,
  saying = [],
  children,
}: Props) {
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      loud={loud}
      title={title}
      footer={
        <Button tone="danger" busy={call.isPending} onClick={onConfirm}>
          {doing}
        </Button>
      }
    >
      {children}
      {call.error && !call.error.saidBeside(...saying) && <ErrorPanel error={call.error} doing={doing} />}
    </Confirm>
  );
}
