import { useRouterState } from '@tanstack/react-router';
import { lazy } from 'react';
import { useTranslation } from 'react-i18next';
import { useVisibleProject } from '@/features/projects/useProject';
import { projectId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { AppLink } from '@/ui/AppLink';
import { OnDemand } from '@/ui/OnDemand';
import { isCurrent, projectNav, workspaceNav } from './navigation';
import { useRecentProjects } from './recent';
import { SwitchButton } from './SwitchButton';

const loadSwitcher = () => import('./ProjectSwitcher');
const ProjectSwitcher = lazy(loadSwitcher);

/** Workspace / Project / section, with a switcher. The page's own name is its heading. */
export function Breadcrumb({ project }: { project: string | undefined }) {
  const { t } = useTranslation();
  const path = useRouterState({ select: (s) => s.location.pathname });
  const groups = project ? projectNav(project) : workspaceNav();
  const section = groups.flatMap((group) => group.items).find((item) => isCurrent(item, path));
  const shown = section && !section.exact ? section : undefined;
  const here = shown?.to === path;
  return (
    <nav aria-label={t('nav.breadcrumb')} className="flex min-w-0 items-center gap-1 text-small">
      <AppLink
        to={paths.home()}
        aria-current={path === paths.home() ? 'page' : undefined}
        className="hidden rounded-button px-1.5 py-1 text-chrome-muted hover:text-chrome-text sm:block"
      >
        {t('nav.workspace')}
      </AppLink>
      {project && (
        <>
          <Slash className="hidden sm:block" />
          <Project key={project} project={project} exact={path === paths.project(project)} />
        </>
      )}
      {shown && (
        <span className="hidden min-w-0 items-center gap-1 xl:flex">
          <Slash />
          <AppLink
            to={shown.to}
            aria-current={here ? 'page' : undefined}
            className="truncate rounded-button px-1.5 py-1 text-chrome-muted hover:text-chrome-text"
          >
            {t(`nav.${shown.key}`)}
          </AppLink>
        </span>
      )}
    </nav>
  );
}

const Slash = ({ className }: { className?: string }) => (
  <span aria-hidden="true" className={className ? `${className} text-chrome-muted` : 'text-chrome-muted'}>
    /
  </span>
);

function Project({ project, exact }: { project: string; exact: boolean }) {
  const { data } = useVisibleProject(project);
  const title = data?.title || projectId(project);
  useRecentProjects({ name: project, title: data?.title });
  return (
    <>
      <AppLink
        to={paths.project(project)}
        aria-current={exact ? 'page' : undefined}
        className="max-w-56 truncate rounded-button px-1.5 py-1 font-medium text-chrome-text hover:bg-chrome-line"
      >
        {title}
      </AppLink>
      <OnDemand popup="dialog" load={loadSwitcher} button={(props) => <SwitchButton {...props} />}>
        <ProjectSwitcher project={project} />
      </OnDemand>
    </>
  );
}
