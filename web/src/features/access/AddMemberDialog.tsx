import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import type { Role } from '@/api/types';
import { isEmail } from '@/lib/password';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { TextField } from '@/ui/Field';
import { Segmented } from '@/ui/Segmented';
import { Select } from '@/ui/Select';
import { ErrorPanel } from '@/ui/States';
import { memberOf } from './policy';

interface Props {
  scope: 'workspace' | 'project';
  roles: readonly Role[];
  saving: boolean;
  error: ApiError | null;
  onClose: () => void;
  /** `member` as policies write it: `user:ann@example.com`. */
  onAdd: (member: string, role: string) => void;
}

export function AddMemberDialog({ scope, roles, saving, error, onClose, onAdd }: Props) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<'user' | 'group'>('user');
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
          if (isEmail(email) && role) onAdd(kind === 'group' ? `group:${email}` : memberOf(email), role);
        }}
      >
        <Segmented
          legend={t('access.kind')}
          value={kind}
          onChange={setKind}
          options={[
            { value: 'user', label: t('access.person') },
            { value: 'group', label: t('access.group') },
          ]}
        />
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
