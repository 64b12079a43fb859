import { useTranslation } from 'react-i18next';
import { useCall, useRpc } from '@/api/query';
import { Loaded } from '@/components/Loaded';
import { Page } from '@/components/Page';
import { MembersTable } from '@/features/access/MembersTable';

const WORKSPACE = 'workspaces/default';

export default function MembersPage() {
  const { t } = useTranslation();
  const query = useRpc('WorkspaceService/GetIamPolicy', { resource: WORKSPACE });
  const save = useCall('WorkspaceService/SetIamPolicy', { touches: ['WorkspaceService'] });
  return (
    <Page title={t('nav.members')} purpose={t('access.workspacePurpose')} width="text">
      <Loaded query={query} doing={t('nav.members')}>
        {(policy) => (
          <MembersTable
            policy={policy}
            scope="workspace"
            saving={save.isPending}
            error={save.error}
            onSave={(next) => save.mutateAsync({ resource: WORKSPACE, policy: next, etag: policy.etag })}
          />
        )}
      </Loaded>
    </Page>
  );
}
