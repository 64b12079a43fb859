/** The projects that this person was in last, in this browser: the switcher and the palette begin with them. */
import { useEffect } from 'react';
import { useStored } from '@/hooks/useStored';
import { useMe } from '@/lib/session';

export interface RecentProject {
  name: string;
  title: string;
}

const KEPT = 5;

export const withRecent = (list: readonly RecentProject[], project: RecentProject): RecentProject[] =>
  [project, ...list.filter(({ name }) => name !== project.name)].slice(0, KEPT);

/** Remembers `current` once its title is known. The latest comes first. */
export function useRecentProjects(current?: { name: string; title: string | undefined }): RecentProject[] {
  const me = useMe();
  // By person: a browser may be shared.
  const [list, setList] = useStored<RecentProject[]>(`recent.${me?.email ?? ''}`, []);
  const { name, title } = current ?? {};
  const [first] = list;
  const known = first?.name === name && first?.title === title;
  useEffect(() => {
    if (name && title && !known) setList(withRecent(list, { name, title }));
  }, [name, title, known, list, setList]);
  return list;
}
