import { useProjectAccess } from '@/features/access/access';
import { useProject } from '@/features/projects/useProject';
import { WorkloadIdentityList } from '@/features/workloadIdentities/WorkloadIdentityList';

export default function ProjectWorkloadIdentitiesPage() {
  const { name, title } = useProject();
  const access = useProjectAccess(name);
  return (
    <WorkloadIdentityList
      parent={name}
      context={title}
      mayCreate={access.data?.may('bb.workloadIdentities.create') ?? false}
    />
  );
}
