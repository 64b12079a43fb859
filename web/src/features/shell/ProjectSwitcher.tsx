import { Check } from 'lucide-react';
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
import { type RecentProject, useRecentProjects } from './recent';
import { SwitchButton } from './SwitchButton';

const PAGE_SIZE = 20;

/** The projects to go to; open from the beginning. */
export default function ProjectSwitcher({ project }: { project: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(true);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <SwitchButton />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          collisionPadding={8}
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
  const visited = useRecentProjects().filter(({ name }) => name !== current);
  const recent = search ? [] : visited;
  const rest = (data?.projects ?? []).filter(({ name }) => !recent.some((r) => r.name === name));
  const show = (list: readonly RecentProject[], label: string) => (
    <ul aria-label={label}>
      {list.map((item) => (
        <li key={item.name}>
          <AppLink
            to={paths.project(item.name)}
            onClick={onPick}
            className="flex h-8 items-center justify-between gap-2 rounded-input px-2 hover:bg-hover"
          >
            <span className="truncate">{item.title}</span>
            {item.name === current ? (
              <Check className="size-4 shrink-0 text-accent" aria-hidden="true" />
            ) : (
              <span className="shrink-0 text-caption text-muted">{projectId(item.name)}</span>
            )}
          </AppLink>
        </li>
      ))}
    </ul>
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
      <div className="max-h-72 overflow-y-auto">
        {recent.length > 0 && (
          <>
            <p className="px-2 pt-1 pb-0.5 text-caption text-muted">{t('nav.recent')}</p>
            {show(recent, t('nav.recent'))}
            <p className="px-2 pt-1.5 pb-0.5 text-caption text-muted">{t('nav.projects')}</p>
          </>
        )}
        {show(
          rest.map(({ name = '', title = '' }) => ({ name, title })),
          t('nav.projects'),
        )}
        {data && rest.length + recent.length === 0 && (
          <p className="px-2 py-3 text-muted">{t('state.noMatch')}</p>
        )}
      </div>
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
