import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { IdentityProvider, User, WorkspaceProfileSetting } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { SectionForm } from '@/components/SectionForm';
import { PROFILE, useProfile } from '@/features/settings/useProfile';
import { Checkbox } from '@/ui/Choice';
import { Notice } from '@/ui/States';
import { lockoutOf } from './lockout';

const MOST = 1000;
const WORKSPACE = { resource: 'workspaces/default' };
/** Names that are told; more are counted. */
const NAMED = 8;

interface Props {
  providers: readonly IdentityProvider[];
}

/** Whether passwords are for administrators only, and who would stay outside then. */
export function ProviderOnly({ providers }: Props) {
  const { t } = useTranslation();
  const query = useRpc('SettingService/GetSetting', { name: PROFILE }, { topics: [PROFILE] });
  return (
    <Loaded query={query} doing={t('idp.only')} skeletonRows={2}>
      {({ value }) => <Form saved={value?.workspaceProfile ?? {}} providers={providers} />}
    </Loaded>
  );
}

function Form({ saved, providers }: Props & { saved: WorkspaceProfileSetting }) {
  const { t } = useTranslation();
  const { value, set, dirty, call, onSave, onReset } = useProfile(saved);
  const wanted = value.disallowPasswordSignin ?? false;
  return (
    <SectionForm title={t('idp.only')} dirty={dirty} call={call} onReset={onReset} onSave={onSave}>
      <Checkbox
        label={t('idp.onlySwitch')}
        description={t('idp.onlyText')}
        checked={wanted}
        onChange={(event) => set({ disallowPasswordSignin: event.target.checked })}
      />
      {wanted && dirty && <Warning providers={providers} />}
    </SectionForm>
  );
}

function Warning({ providers }: Props) {
  const { t } = useTranslation();
  const users = useRpc('UserService/ListUsers', { pageSize: MOST }, { topics: ['users'] });
  const policy = useRpc('WorkspaceService/GetIamPolicy', WORKSPACE);
  const groups = useRpc('GroupService/ListGroups', { pageSize: MOST }, { topics: ['groups'] });
  return (
    <Loaded query={users} doing={t('nav.users')} skeletonRows={2}>
      {({ users: all = [] }) => {
        const found = lockoutOf(all, policy.data ?? {}, groups.data?.groups ?? [], providers);
        const { outside, byProvider } = found;
        return (
          <>
            {outside.length > 0 && (
              <Notice tone="danger" role="alert" title={t('idp.outside', { count: outside.length })}>
                <Names users={outside} />
                <p className="mt-1">{t('idp.outsideText')}</p>
              </Notice>
            )}
            {byProvider.length > 0 && (
              <Notice tone="warning" role="status" title={t('idp.byProvider', { count: byProvider.length })}>
                <Names users={byProvider} />
                <p className="mt-1">{t('idp.byProviderText')}</p>
              </Notice>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function Names({ users }: { users: readonly User[] }) {
  const { t } = useTranslation();
  const more = users.length - NAMED;
  const named = users.slice(0, NAMED).map(({ title, email }) => `${title} (${email})`);
  return (
    <p>
      {named.join(', ')}
      {more > 0 && ` ${t('idp.more', { count: more })}`}
    </p>
  );
}
