import { useProjectAccess } from '@/features/access/access';
import { useProject } from '@/features/projects/useProject';
import { ServiceAccountList } from '@/features/serviceAccounts/ServiceAccountList';

export default function ProjectServiceAccountsPage() {
  const { name, title } = useProject();
  const access = useProjectAccess(name);
  return (
    <ServiceAccountList
      parent={name}
      context={title}
      mayCreate={access.data?.may('bb.serviceAccounts.create') ?? false}
    />
  );
}
