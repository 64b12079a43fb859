import { useParams } from '@tanstack/react-router';
import { useRpc } from '@/api/query';
import { projectId } from '@/lib/names';

/** The project of the URL: its name at once, its title when it is there. */
export function useProject() {
  const { project } = useParams({ strict: false }) as { project?: string };
  const name = `projects/${project}`;
  const query = useRpc('ProjectService/GetProject', { name }, { topics: [name] });
  return { name, title: query.data?.title || projectId(name), query };
}
