import { useMatches } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { NotFoundPage } from '@/components/NotFound';
import { Page } from '@/components/Page';
import { type ProjectPermission, useProjectAccess } from '@/features/access/access';
import { projectId } from '@/lib/names';
import { ErrorPanel, Skeleton } from '@/ui/States';
import { useVisibleProject } from './useProject';

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** What one needs in the project of the URL to open the page. */
    needs?: ProjectPermission;
  }
}

const ForbiddenPage = lazy(() =>
  import('@/features/access/Forbidden').then((module) => ({ default: module.ForbiddenPage })),
);

interface Props {
  project: string;
  children: ReactNode;
}

/** The pages of a project, for those who may see them: none of their calls is made before that is known. */
export function ProjectGate({ project, children }: Props) {
  const { t } = useTranslation();
  const found = useVisibleProject(project);
  const access = useProjectAccess(project);
  const needs = useMatches({ select: (matches) => matches.at(-1)?.staticData.needs });
  // What was seen stays while the server is away: nothing typed is lost.
  if (found.error && found.data === undefined) {
    return (
      <Page title={projectId(project)}>
        <ErrorPanel error={found.error} doing={t('nav.project')} onRetry={() => found.refetch()} />
      </Page>
    );
  }
  // Without an answer about rights the server decides, call by call.
  const ready = found.data && (!needs || access.error || access.data?.may(needs));
  if (ready) return children;
  if (found.data === undefined || access.isPending) return <Skeleton className="px-6 py-5" />;
  const permission = found.data ? needs : 'bb.projects.get';
  if (access.data && permission && !access.data.may(permission)) {
    return (
      <Suspense>
        <ForbiddenPage project={project} permission={permission} grantors={access.data.grantors} />
      </Suspense>
    );
  }
  return <NotFoundPage />;
}
