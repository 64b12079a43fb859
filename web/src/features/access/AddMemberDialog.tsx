import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import type { Role } from '@/api/types';
import { isEmail } from '@/lib/password';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { TextField } from '@/ui/Field';
import { Select } from '@/ui/Select';
import { ErrorPanel } from '@/ui/States';

interface Props {
  scope: 'workspace' | 'project';
  roles: readonly Role[];
  saving: boolean;
  error: ApiError | null;
  onClose: () => void;
  onAdd: (email: string, role: string) => void;
}

export function AddMemberDialog({ scope, roles, saving, error, onClose, onAdd }: Props) {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState('');
  const [tried, setTried] = useState(false);
  const options = roles
    .filter((r) => scope === 'workspace' || !r.name?.startsWith('roles/workspace'))
    .map((r) => ({ value: r.name ?? '', label: r.title || (r.name ?? '') }));
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('access.add')}
      width="sm"
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" form="add-member" tone="primary" busy={saving}>
            {t('access.give')}
          </Button>
        </>
      }
    >
      <form
        id="add-member"
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (isEmail(email) && role) onAdd(email, role);
        }}
      >
        <TextField
          label={t('auth.email')}
          type="email"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          error={tried && !isEmail(email) ? t('firstAdmin.emailWrong') : undefined}
        />
        <Select
          label={t('access.role')}
          value={role}
          onChange={setRole}
          options={options}
          placeholder={t('access.chooseRole')}
          error={tried && !role ? t('access.chooseRole') : undefined}
        />
        {error && <ErrorPanel error={error} doing={t('access.give')} />}
      </form>
    </Dialog>
  );
}
