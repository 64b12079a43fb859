import { useMatches, useParams } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { useMay } from '@/lib/may';
import { Skeleton } from '@/ui/States';
import { type PagePermission, useAccess } from './access';

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** What one needs to open the page: in the project or on the instance of the URL, else in the workspace. */
    needs?: PagePermission;
    /** Fills the window, without the menu beside it. */
    fill?: boolean;
  }
}

export const ForbiddenPage = lazy(() =>
  import('./Forbidden').then((module) => ({ default: module.ForbiddenPage })),
);

/** What the page that shows needs. */
export const usePageNeeds = () => useMatches({ select: (matches) => matches.at(-1)?.staticData.needs });

/** Whether the page that shows takes all of the window. */
export const usePageFills = () =>
  useMatches({ select: (matches) => matches.at(-1)?.staticData.fill === true });

/** Pages outside of projects, for those who may open them. */
export function WorkspaceGate({ children }: { children: ReactNode }) {
  const may = useMay();
  const params = useParams({ strict: false }) as { instance?: string };
  const needs = usePageNeeds();
  const resource = params.instance ? `instances/${params.instance}` : 'workspaces/default';
  // Who may it everywhere may it here: nothing to ask.
  const open = needs === undefined || may.everywhere(needs);
  const access = useAccess(resource, open ? undefined : needs);
  if (open || access.error || access.data?.may(needs)) return children;
  if (!access.data) return <Skeleton className="px-6 py-5" />;
  return (
    <Suspense>
      <ForbiddenPage resource={resource} permission={needs} grantors={access.data.grantors} />
    </Suspense>
  );
}
