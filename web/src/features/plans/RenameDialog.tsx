import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { TextField } from '@/ui/Field';
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
    <Dialog
      open
      onOpenChange={() => onClose()}
      title={t('plan.renameTitle')}
      width="sm"
      footer={
        <>
          <Button onClick={() => onClose()}>{t('action.cancel')}</Button>
          <Button tone="primary" type="submit" form="rename-change">
            {t('plan.rename')}
          </Button>
        </>
      }
    >
      <form
        id="rename-change"
        onSubmit={(event) => {
          event.preventDefault();
          onClose(withName(change.statement, name));
        }}
      >
        <TextField
          label={t('plan.changeName')}
          hint={t('plan.changeNameHint')}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </form>
    </Dialog>
  );
}
