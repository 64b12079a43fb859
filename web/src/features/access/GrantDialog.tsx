import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import type { Role } from '@/api/types';
import { isUnfinished, problemOf } from '@/features/condition/fields';
import { isEmail } from '@/lib/password';
import { TextField } from '@/ui/Field';
import { FormDialog } from '@/ui/FormDialog';
import { Segmented } from '@/ui/Segmented';
import { Select } from '@/ui/Select';
import { ErrorPanel } from '@/ui/States';
import { ExpiryField, isExpiryWrong } from './ExpiryField';
import { type Grant, scopeOf } from './grant';
import { memberOf } from './policy';
import { ScopeField } from './ScopeField';
import { useScopeFields } from './useScopeFields';

interface Props {
  /** The grant that is changed; a new one without. */
  grant?: Grant | undefined;
  scope: 'workspace' | 'project';
  roles: readonly Role[];
  saving: boolean;
  error: ApiError | null;
  onClose: () => void;
  /** `member` as policies write it: `user:ann@example.com`. */
  onSave: (grant: Grant) => void;
}

/** Gives a role, or changes where it holds and until when. */
export function GrantDialog({ grant, scope, roles, saving, error, onClose, onSave }: Props) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<'user' | 'group'>('user');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState(grant?.role ?? '');
  const [place, setPlace] = useState(grant?.scope ?? '');
  const [expires, setExpires] = useState(grant?.expires ?? '');
  const [tried, setTried] = useState(false);
  const fields = useScopeFields();
  const options = roles
    .filter((r) => scope === 'workspace' || !r.name?.startsWith('roles/workspace'))
    .map((r) => ({ value: r.name ?? '', label: r.title || (r.name ?? '') }));
  const known = options.some(({ value }) => value === role) || !role;
  const unfinished = place !== '' && isUnfinished(place, fields);
  const submit = () => {
    setTried(true);
    if ((!grant && !isEmail(email)) || !role || unfinished || isExpiryWrong(expires)) return;
    const member = grant?.member ?? (kind === 'group' ? `group:${email}` : memberOf(email));
    onSave({ member, role, scope: scopeOf(place), expires });
  };
  const title = grant ? t('access.edit', { member: grant.member.replace(/^\w+:/, '') }) : t('access.add');
  return (
    <FormDialog
      title={title}
      submit={grant ? t('action.save') : t('access.give')}
      busy={saving}
      onSubmit={submit}
      onClose={onClose}
    >
      {!grant && (
        <>
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
        </>
      )}
      <Select
        label={t('access.role')}
        value={role}
        onChange={setRole}
        options={known ? options : [...options, { value: role, label: role }]}
        placeholder={t('access.chooseRole')}
        error={tried && !role ? t('access.chooseRole') : undefined}
      />
      <ScopeField
        value={place}
        onChange={setPlace}
        problem={tried && unfinished ? { text: t('approval.problem.condition') } : refusalOf(error, place)}
      />
      <ExpiryField
        first={grant?.expires ? 'date' : 'never'}
        value={expires}
        onChange={setExpires}
        tried={tried}
      />
      {error && <ErrorPanel error={error} doing={title} />}
    </FormDialog>
  );
}

/** What the server says about the condition. */
const refusalOf = (error: ApiError | null, scope: string) => {
  const found = error?.fields.find(({ field }) => field.includes('condition'));
  return found && problemOf(found.description, scope);
};
