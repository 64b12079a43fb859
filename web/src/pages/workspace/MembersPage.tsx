import { MembersView } from '@/features/access/MembersView';

export default function MembersPage() {
  return <MembersView scope="workspace" resource="workspaces/default" />;
}
