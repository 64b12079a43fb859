import { ServiceAccountList } from '@/features/serviceAccounts/ServiceAccountList';
import { useMay } from '@/lib/may';

export default function ServiceAccountsPage() {
  return (
    <ServiceAccountList
      parent="workspaces/default"
      mayCreate={useMay().everywhere('bb.serviceAccounts.create')}
    />
  );
}
