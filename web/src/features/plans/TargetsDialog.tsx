import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { Loaded } from '@/components/Loaded';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import { useDebounced } from '@/hooks/useDebounced';
import { cn } from '@/lib/cn';
import { all, contains, equals } from '@/lib/filter';
import { databaseId, instanceId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { Dialog } from '@/ui/Dialog';
import { controlClass } from '@/ui/Field';

const LIMIT = 200;

interface Props {
  project: string;
  targets: readonly string[];
  /** With the new targets, or nothing when cancelled. */
  onClose: (targets?: string[]) => void;
}

export function TargetsDialog({ project, targets, onClose }: Props) {
  const { t } = useTranslation();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set(targets));
  const [text, setText] = useState('');
  const search = useDebounced(text, 150);
  const query = useRpc(
    'DatabaseService/ListDatabases',
    { parent: project, pageSize: LIMIT, filter: all(equals('project', project), contains('name', search)) },
    { keep: true },
  );
  const toggle = (name: string, on: boolean) => {
    const next = new Set(picked);
    if (on) next.add(name);
    else next.delete(name);
    setPicked(next);
  };
  return (
    <Dialog
      open
      onOpenChange={() => onClose()}
      title={t('plan.chooseTargets')}
      footer={
        <>
          <Button onClick={() => onClose()}>{t('action.cancel')}</Button>
          <Button tone="primary" onClick={() => onClose([...picked])}>
            {t('plan.useTargets', { count: picked.size })}
          </Button>
        </>
      }
    >
      <input
        type="search"
        aria-label={t('database.search')}
        placeholder={t('database.search')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={cn(controlClass(), 'mb-2 h-8')}
      />
      <Loaded query={query} doing={t('nav.databases')} skeletonRows={4}>
        {({ databases = [], nextPageToken }) =>
          databases.length === 0 ? (
            <p className="rounded-card border border-line bg-surface px-3 py-6 text-center text-muted">
              {search ? t('state.noMatch') : t('database.noneYet')}{' '}
              {!search && (
                <TextLink className="underline" to={paths.projectDatabases(project)}>
                  {t('database.add')}
                </TextLink>
              )}
            </p>
          ) : (
            <>
              <ul className="max-h-[46dvh] overflow-y-auto rounded-card border border-line">
                {databases.map((db) => (
                  <li
                    key={db.name}
                    className="flex items-start justify-between gap-3 border-b border-line px-3 py-1.5 last:border-0 hover:bg-surface"
                  >
                    <Checkbox
                      label={databaseId(db.name)}
                      description={db.instanceResource?.title || instanceId(db.name)}
                      checked={picked.has(db.name ?? '')}
                      onChange={(event) => toggle(db.name ?? '', event.target.checked)}
                      className="min-w-0 [overflow-wrap:anywhere]"
                    />
                    <EnvironmentBadge name={db.effectiveEnvironment} />
                  </li>
                ))}
              </ul>
              {nextPageToken && (
                <p className="mt-1 text-caption text-muted">{t('database.moreExist', { count: LIMIT })}</p>
              )}
            </>
          )
        }
      </Loaded>
    </Dialog>
  );
}
