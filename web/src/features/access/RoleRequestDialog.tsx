import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import { shortRole } from '@/features/approval/gates';
import { isUnfinished } from '@/features/condition/fields';
import { useRoles } from '@/features/roles/useRoles';
import { useGo } from '@/hooks/useGo';
import { projectId } from '@/lib/names';
import { paths } from '@/lib/paths';
import type { RoleAsk } from '@/lib/roleRequest';
import { useMe } from '@/lib/session';
import { TextAreaField } from '@/ui/Field';
import { FormDialog } from '@/ui/FormDialog';
import { Select } from '@/ui/Select';
import { ErrorPanel } from '@/ui/States';
import { ExpiryField, isExpiryWrong, usualExpiry } from './ExpiryField';
import { durationUntil, scopeOf } from './grant';
import { rolesToAsk } from './roleChoice';
import { ScopeField } from './ScopeField';
import { useScopeFields } from './useScopeFields';

interface Props {
  ask: RoleAsk;
  onClose: () => void;
}

/** Asks for a role: an issue that others approve, and that ends by itself. */
export default function RoleRequestDialog({ ask, onClose }: Props) {
  const { t } = useTranslation();
  const go = useGo();
  const me = useMe();
  const { roles, titleOf } = useRoles();
  const { enough, others } = rolesToAsk(roles, ask.permissions);
  const [picked, setPicked] = useState<string>();
  const [scope, setScope] = useState('');
  const [expires, setExpires] = useState(usualExpiry);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const fields = useScopeFields();
  const create = useCall('IssueService/CreateIssue', { touches: ['IssueService'] });
  const role = picked ?? enough[0]?.name ?? '';
  const unfinished = scope !== '' && isUnfinished(scope, fields);
  const submit = () => {
    setTried(true);
    if (!role || !reason.trim() || unfinished || isExpiryWrong(expires)) return;
    const place = scopeOf(scope);
    create.mutate(
      {
        parent: ask.project,
        issue: {
          type: 'ROLE_GRANT',
          title: t('access.request.issueTitle', {
            role: shortRole(titleOf(role)),
            project: projectId(ask.project),
          }),
          description: reason.trim(),
          roleGrant: {
            role,
            user: me?.name,
            ...(place ? { condition: { expression: place } } : {}),
            expiration: durationUntil(expires, Date.now()),
          },
        },
      },
      {
        onSuccess: (issue) => {
          onClose();
          void go(paths.issue(issue.name ?? ''));
        },
      },
    );
  };
  return (
    <FormDialog
      title={t('access.request.title')}
      description={t('access.request.text', { project: projectId(ask.project) })}
      submit={t('access.request.send')}
      busy={create.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <Select
        label={t('access.role')}
        value={role}
        onChange={setPicked}
        placeholder={t('access.chooseRole')}
        options={[...enough, ...others].map(({ name = '', title }) => ({
          value: name,
          label: title || name,
        }))}
        error={tried && !role ? t('access.chooseRole') : undefined}
        hint={
          ask.permissions.length > 0 &&
          (enough.some(({ name }) => name === role)
            ? t('access.request.has', { permissions: ask.permissions.join(', ') })
            : role && t('access.request.lacks', { permissions: ask.permissions.join(', ') }))
        }
      />
      <ScopeField
        value={scope}
        onChange={setScope}
        problem={tried && unfinished ? { text: t('approval.problem.condition') } : undefined}
      />
      <ExpiryField value={expires} onChange={setExpires} tried={tried} />
      <TextAreaField
        label={t('access.request.reason')}
        value={reason}
        maxLength={10_000}
        onChange={(event) => setReason(event.target.value)}
        error={tried && !reason.trim() ? t('rollout.reasonNeeded') : undefined}
      />
      {create.error && <ErrorPanel error={create.error} doing={t('access.request.send')} />}
    </FormDialog>
  );
}
