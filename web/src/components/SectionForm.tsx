import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { Form } from '@/ui/Form';
import { ErrorPanel } from '@/ui/States';
import { toast } from '@/ui/toast';
import { DirtyBar } from './DirtyBar';
import { Section } from './Page';

interface Props {
  title: string;
  dirty: boolean;
  call: { isPending: boolean; error: ApiError | null; reset: () => void };
  /** Nothing when a field is wrong: the fields say so. */
  onSave: () => Promise<unknown> | undefined;
  onReset: () => void;
  /** After a save; what `onReset` does, unless told otherwise. */
  onSaved?: () => void;
  children: ReactNode;
}

/** A part of a settings page with a Save of its own, which shows once something was changed. */
export function SectionForm({ title, dirty, call, onSave, onReset, onSaved = onReset, children }: Props) {
  const { t } = useTranslation();
  const reset = () => {
    call.reset();
    onReset();
  };
  const save = () =>
    onSave()?.then(
      () => {
        call.reset();
        onSaved();
        toast({ text: t('state.saved') });
      },
      () => {}, // Shown from call.error.
    );
  return (
    <Section title={title}>
      <Form
        onSubmit={() => {
          if (dirty) save();
        }}
      >
        {children}
        {call.error && <ErrorPanel error={call.error} doing={t('action.save')} />}
        {dirty && <DirtyBar title={title} busy={call.isPending} onDiscard={reset} />}
      </Form>
    </Section>
  );
}
