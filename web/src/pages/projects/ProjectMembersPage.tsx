import { MembersView } from '@/features/access/MembersView';
import { useProject } from '@/features/projects/useProject';

export default function ProjectMembersPage() {
  const { name, title } = useProject();
  return <MembersView scope="project" resource={name} context={title} />;
}
