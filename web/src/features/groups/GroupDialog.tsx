import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Group } from '@/api/types';
import { emailOf } from '@/lib/names';
import { isEmail } from '@/lib/password';
import { useMe } from '@/lib/session';
import { Button, IconButton } from '@/ui/Button';
import { TextField } from '@/ui/Field';
import { FormDialog } from '@/ui/FormDialog';
import { Select } from '@/ui/Select';
import { ErrorPanel } from '@/ui/States';
import { type Draft, draftOf, withPeople } from './members';

/** Makes a group, or changes the given one. */
export function GroupDialog({ group, onClose }: { group?: Group; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const [draft, setDraft] = useState(() => draftOf(group, me?.name));
  const [people, setPeople] = useState('');
  const [tried, setTried] = useState(false);
  const create = useCall('GroupService/CreateGroup', { touches: ['GroupService'] });
  const update = useCall('GroupService/UpdateGroup', { touches: ['GroupService'] });
  const error = create.error ?? update.error;
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const add = () => {
    const { members, left } = withPeople(draft.members, people);
    change({ members });
    setPeople(left);
    return { members, left };
  };
  const submit = () => {
    setTried(true);
    const { members, left } = add();
    if (!draft.title.trim() || (!group && !isEmail(draft.email)) || left) return;
    const { email, ...rest } = draft;
    const wire = { ...rest, members: [...members] };
    if (group) {
      const updateMask = 'title,description,members';
      update.mutate({ group: { ...wire, name: group.name }, updateMask }, { onSuccess: onClose });
    } else create.mutate({ groupEmail: email, group: wire }, { onSuccess: onClose });
  };
  const title = group ? t('group.edit', { name: group.title }) : t('group.new');
  return (
    <FormDialog
      title={title}
      submit={group ? t('action.save') : t('group.create')}
      busy={create.isPending || update.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label={t('group.title')}
        value={draft.title}
        onChange={(event) => change({ title: event.target.value })}
        error={
          error?.field('group.title') ?? (tried && !draft.title.trim() ? t('group.titleNeeded') : undefined)
        }
      />
      {!group && (
        <TextField
          label={t('group.email')}
          type="email"
          hint={t('group.emailHint')}
          value={draft.email}
          onChange={(event) => change({ email: event.target.value })}
          error={
            error?.field('group_email') ??
            (tried && !isEmail(draft.email) ? t('firstAdmin.emailWrong') : undefined)
          }
        />
      )}
      <TextField
        label={t('group.description')}
        optional
        value={draft.description}
        onChange={(event) => change({ description: event.target.value })}
        error={error?.field('group.description')}
      />
      <div className="flex items-end gap-2">
        <TextField
          className="flex-1"
          label={t('group.addPeople')}
          hint={t('group.addPeopleHint')}
          value={people}
          onChange={(event) => setPeople(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !people.trim()) return;
            event.preventDefault();
            add();
          }}
          error={tried && people.trim() ? t('group.peopleWrong') : undefined}
        />
        <Button className="mb-5.5" onClick={add}>
          {t('group.add')}
        </Button>
      </div>
      <Members draft={draft} onChange={(members) => change({ members })} />
      {error && <ErrorPanel error={error} doing={title} />}
    </FormDialog>
  );
}

interface MembersProps {
  draft: Draft;
  onChange: (members: Draft['members']) => void;
}

function Members({ draft: { members }, onChange }: MembersProps) {
  const { t } = useTranslation();
  if (members.length === 0) return <p className="text-muted">{t('group.nobody')}</p>;
  return (
    <ul aria-label={t('group.members')} className="flex flex-col divide-y divide-line">
      {members.map(({ member = '', role }) => {
        const email = emailOf(member);
        return (
          <li key={member} className="flex items-center gap-2 py-1.5">
            <span className="min-w-0 flex-1 truncate">{email}</span>
            <Select
              bare
              className="w-28! shrink-0"
              label={t('group.roleOf', { name: email })}
              value={role ?? 'MEMBER'}
              onChange={(next) =>
                onChange(
                  members.map((m) =>
                    m.member === member ? { ...m, role: next === 'OWNER' ? 'OWNER' : 'MEMBER' } : m,
                  ),
                )
              }
              options={[
                { value: 'OWNER', label: t('group.owner') },
                { value: 'MEMBER', label: t('group.member') },
              ]}
            />
            <IconButton
              size="sm"
              label={t('group.remove', { name: email })}
              onClick={() => onChange(members.filter((m) => m.member !== member))}
            >
              <Trash2 aria-hidden="true" />
            </IconButton>
          </li>
        );
      })}
    </ul>
  );
}
