import { Check, ChevronsUpDown } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { useDebounced } from '@/hooks/useDebounced';
import { cn } from '@/lib/cn';
import { all, contains } from '@/lib/filter';
import { projectId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { AppLink } from '@/ui/AppLink';
import { controlClass } from '@/ui/Field';

const PAGE_SIZE = 20;

/** Workspace / Project, with a switcher. The page's own name is its heading. */
export function Breadcrumb({ project }: { project: string | undefined }) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t('nav.breadcrumb')} className="flex min-w-0 items-center gap-1 text-small">
      <AppLink
        to={paths.home()}
        className="hidden rounded-button px-1.5 py-1 text-chrome-muted hover:text-chrome-text sm:block"
      >
        {t('nav.workspace')}
      </AppLink>
      {project && (
        <>
          <span aria-hidden="true" className="hidden text-chrome-muted sm:block">
            /
          </span>
          <ProjectSwitcher project={project} />
        </>
      )}
    </nav>
  );
}

function ProjectSwitcher({ project }: { project: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { data } = useRpc('ProjectService/GetProject', { name: project }, { topics: [project] });
  const title = data?.title || projectId(project);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <AppLink
        to={paths.project(project)}
        className="max-w-56 truncate rounded-button px-1.5 py-1 font-medium text-chrome-text hover:bg-chrome-line"
      >
        {title}
      </AppLink>
      <Popover.Trigger
        aria-label={t('nav.switchProject')}
        className="grid size-7 place-items-center rounded-button text-chrome-muted hover:bg-chrome-line hover:text-chrome-text"
      >
        <ChevronsUpDown className="size-3.5" aria-hidden="true" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          aria-label={t('nav.switchProject')}
          className="z-50 w-72 animate-fade rounded-card border border-line bg-raised p-2 shadow-overlay"
        >
          <ProjectList current={project} onPick={() => setOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function ProjectList({ current, onPick }: { current: string; onPick: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const search = useDebounced(text);
  const id = useId();
  const { data } = useRpc(
    'ProjectService/SearchProjects',
    { pageSize: PAGE_SIZE, filter: all('exclude_default == true', contains('name', search)) },
    { keep: true },
  );
  return (
    <>
      <input
        id={id}
        type="search"
        aria-label={t('nav.searchProjects')}
        placeholder={t('nav.searchProjects')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={cn(controlClass(), 'mb-1 h-8')}
      />
      <ul className="max-h-72 overflow-y-auto">
        {(data?.projects ?? []).map((item) => (
          <li key={item.name}>
            <AppLink
              to={paths.project(item.name ?? '')}
              onClick={onPick}
              className="flex h-8 items-center justify-between gap-2 rounded-input px-2 hover:bg-hover"
            >
              <span className="truncate">{item.title}</span>
              {item.name === current ? (
                <Check className="size-4 text-accent" aria-hidden="true" />
              ) : (
                <span className="text-caption text-muted">{projectId(item.name)}</span>
              )}
            </AppLink>
          </li>
        ))}
      </ul>
      <AppLink
        to={paths.projects()}
        onClick={onPick}
        className="mt-1 block rounded-input border-t border-line px-2 pt-2 pb-1 text-accent hover:underline"
      >
        {t('nav.allProjects')}
      </AppLink>
    </>
  );
}
