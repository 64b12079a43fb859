import { useTranslation } from 'react-i18next';
import { useCall, useRpc } from '@/api/query';
import { Loaded } from '@/components/Loaded';
import { Page } from '@/components/Page';
import { MembersTable } from '@/features/access/MembersTable';
import { useProject } from '@/features/projects/useProject';

export default function ProjectMembersPage() {
  const { t } = useTranslation();
  const project = useProject();
  const query = useRpc('ProjectService/GetIamPolicy', { resource: project.name });
  const save = useCall('ProjectService/SetIamPolicy', { touches: ['ProjectService'] });
  return (
    <Page title={t('nav.members')} context={project.title} purpose={t('access.projectPurpose')} width="text">
      <Loaded query={query} doing={t('nav.members')}>
        {(policy) => (
          <MembersTable
            policy={policy}
            scope="project"
            saving={save.isPending}
            error={save.error}
            onSave={(next) => save.mutateAsync({ resource: project.name, policy: next, etag: policy.etag })}
          />
        )}
      </Loaded>
    </Page>
  );
}
