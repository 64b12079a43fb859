import { WorkloadIdentityList } from '@/features/workloadIdentities/WorkloadIdentityList';
import { useMay } from '@/lib/may';

export default function WorkloadIdentitiesPage() {
  return (
    <WorkloadIdentityList
      parent="workspaces/default"
      mayCreate={useMay().everywhere('bb.workloadIdentities.create')}
    />
  );
}
