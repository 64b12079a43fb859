import { Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { ReviewConfig } from '@/api/types';
import { environmentTitle, useEnvironments } from '@/features/environments/environments';
import { useDebounced } from '@/hooks/useDebounced';
import { cn } from '@/lib/cn';
import { all, contains } from '@/lib/filter';
import { DEFAULT_PROJECT } from '@/lib/names';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { Dialog } from '@/ui/Dialog';
import { controlClass } from '@/ui/Field';
import { ErrorPanel, Skeleton } from '@/ui/States';
import { attachedTo, useAttach } from './configs';

const PROJECTS = 20;

interface Props {
  config: ReviewConfig;
  configs: readonly ReviewConfig[];
  onClose: () => void;
}

/** Chooses environments and projects that the configuration shall review. */
export function AttachDialog({ config, configs, onClose }: Props) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [tried, setTried] = useState(false);
  const { attach, busy, error } = useAttach();
  const environments = useEnvironments();
  const toggle = (resource: string) =>
    setChosen(chosen.includes(resource) ? chosen.filter((r) => r !== resource) : [...chosen, resource]);
  const item = (resource: string, label: string) => {
    const now = attachedTo(configs, resource);
    const own = now?.name === config.name;
    return (
      <li key={resource}>
        <Checkbox
          label={label}
          checked={own || chosen.includes(resource)}
          disabled={own}
          onChange={() => toggle(resource)}
          description={
            own ? t('review.attachedHere') : now ? t('review.moves', { name: now.title }) : undefined
          }
        />
      </li>
    );
  };
  const submit = async () => {
    setTried(true);
    if (chosen.length > 0 && (await attach(chosen, config))) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('review.attachTitle', { name: config.title })}
      description={t('review.attachText')}
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button tone="primary" busy={busy} onClick={submit}>
            {t('review.attach')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <section aria-label={t('nav.environments')} className="flex flex-col gap-2">
          <h3 className="text-small font-semibold">{t('nav.environments')}</h3>
          {environments.data ? (
            <ul className="flex flex-col gap-2">
              {environments.data.map((e) => item(`environments/${e.id}`, environmentTitle(e) ?? ''))}
            </ul>
          ) : (
            <Skeleton rows={2} />
          )}
        </section>
        <Projects item={item} />
        {tried && chosen.length === 0 && (
          <p role="alert" className="text-small text-danger">
            {t('review.attachNeeded')}
          </p>
        )}
        {error && <ErrorPanel error={error} doing={t('review.attach')} />}
      </div>
    </Dialog>
  );
}

function Projects({ item }: { item: (resource: string, label: string) => React.ReactNode }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const query = useRpc(
    'ProjectService/SearchProjects',
    {
      pageSize: PROJECTS,
      filter: all('exclude_default == true', contains('name', useDebounced(text))),
    },
    { keep: true },
  );
  const projects = (query.data?.projects ?? []).filter(({ name }) => name !== DEFAULT_PROJECT);
  return (
    <section aria-label={t('nav.projects')} className="flex flex-col gap-2">
      <h3 className="text-small font-semibold">{t('nav.projects')}</h3>
      <div className="relative">
        <Search
          className="pointer-events-none absolute top-2 left-2.5 size-4 text-muted"
          aria-hidden="true"
        />
        <input
          type="search"
          aria-label={t('nav.searchProjects')}
          placeholder={t('nav.searchProjects')}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className={cn(controlClass(), 'h-8 pl-8!')}
        />
      </div>
      {query.error && (
        <ErrorPanel error={query.error} doing={t('nav.projects')} onRetry={() => query.refetch()} />
      )}
      {query.data && projects.length === 0 && <p className="text-muted">{t('state.noMatch')}</p>}
      <ul className="flex max-h-56 flex-col gap-2 overflow-y-auto">
        {projects.map(({ name = '', title = '' }) => item(name, title))}
      </ul>
      {query.data?.nextPageToken && <p className="text-caption text-muted">{t('review.narrow')}</p>}
    </section>
  );
}
