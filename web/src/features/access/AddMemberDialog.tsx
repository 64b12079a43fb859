import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import type { Role } from '@/api/types';
import { isEmail } from '@/lib/password';
import { TextField } from '@/ui/Field';
import { FormDialog } from '@/ui/FormDialog';
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
    <FormDialog
      title={t('access.add')}
      width="sm"
      submit={t('access.give')}
      busy={saving}
      onSubmit={() => {
        setTried(true);
        if (isEmail(email) && role) onAdd(kind === 'group' ? `group:${email}` : memberOf(email), role);
      }}
      onClose={onClose}
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
    </FormDialog>
  );
}
