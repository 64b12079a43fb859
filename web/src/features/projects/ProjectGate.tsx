import { type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { NotFoundPage } from '@/components/NotFound';
import { Page } from '@/components/Page';
import { useProjectAccess } from '@/features/access/access';
import { ForbiddenPage, usePageNeeds } from '@/features/access/WorkspaceGate';
import { projectId } from '@/lib/names';
import { ErrorPanel, Skeleton } from '@/ui/States';
import { useVisibleProject } from './useProject';

interface Props {
  project: string;
  children: ReactNode;
}

/** The pages of a project, for those who may see them: none of their calls is made before that is known. */
export function ProjectGate({ project, children }: Props) {
  const { t } = useTranslation();
  const found = useVisibleProject(project);
  const access = useProjectAccess(project);
  const needs = usePageNeeds();
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
        <ForbiddenPage resource={project} permission={permission} grantors={access.data.grantors} />
      </Suspense>
    );
  }
  return <NotFoundPage />;
}
