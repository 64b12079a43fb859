import { useRouterState } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStored } from '@/hooks/useStored';
import { cn } from '@/lib/cn';
import { AppLink } from '@/ui/AppLink';
import { isCurrent, type NavGroup, projectNav, workspaceNav } from './navigation';

interface Props {
  /** The project one is in, or undefined for the workspace's menu. */
  project: string | undefined;
  onNavigate?: () => void;
}

export function SideNav({ project, onNavigate }: Props) {
  const { t } = useTranslation();
  const groups = project ? projectNav(project) : workspaceNav();
  return (
    <nav aria-label={project ? t('nav.project') : t('nav.workspace')} className="flex flex-col gap-3 p-2">
      {groups.map((group) => (
        <Group key={group.key} group={group} onNavigate={onNavigate} />
      ))}
    </nav>
  );
}

function Group({ group, onNavigate }: { group: NavGroup; onNavigate: (() => void) | undefined }) {
  const { t } = useTranslation();
  const path = useRouterState({ select: (s) => s.location.pathname });
  const [open, setOpen] = useStored(`nav.${group.key}`, true);
  const titled = group.key !== 'main';
  return (
    <div>
      {titled && (
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex h-7 w-full items-center gap-1 rounded-button px-2 text-caption font-medium text-muted hover:text-text"
        >
          <ChevronRight
            aria-hidden="true"
            className={cn('size-3 transition-transform duration-120', open && 'rotate-90')}
          />
          {t(`nav.group.${group.key}`)}
        </button>
      )}
      {(open || !titled) && (
        <ul className="flex flex-col gap-px">
          {group.items.map((item) => {
            const current = isCurrent(item, path);
            return (
              <li key={item.key}>
                <AppLink
                  to={item.to}
                  aria-current={current ? 'page' : undefined}
                  onClick={onNavigate}
                  className={cn(
                    'flex h-8 items-center gap-2.5 rounded-button px-2.5 [&_svg]:size-4',
                    current
                      ? 'bg-hover font-medium text-text [&_svg]:text-accent'
                      : 'text-muted hover:bg-hover hover:text-text',
                  )}
                >
                  <item.icon aria-hidden="true" />
                  {t(`nav.${item.key}`)}
                </AppLink>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
