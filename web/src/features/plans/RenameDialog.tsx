import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TextField } from '@/ui/Field';
import { FormDialog } from '@/ui/FormDialog';
import { nameOf, withName } from './changeName';
import type { Change } from './changes';

interface Props {
  change: Change;
  /** With the SQL that carries the new name, or nothing when cancelled. */
  onClose: (statement?: string) => void;
}

/** Names a change: its SQL's first comment. */
export function RenameDialog({ change, onClose }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState(nameOf(change));
  return (
    <FormDialog
      title={t('plan.renameTitle')}
      width="sm"
      submit={t('plan.rename')}
      onSubmit={() => onClose(withName(change.statement, name))}
      onClose={() => onClose()}
    >
      <TextField
        label={t('plan.changeName')}
        hint={t('plan.changeNameHint')}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
    </FormDialog>
  );
}
