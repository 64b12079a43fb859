import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Database } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import { useDebounced } from '@/hooks/useDebounced';
import { cn } from '@/lib/cn';
import { all, contains, equals } from '@/lib/filter';
import { DEFAULT_PROJECT, databaseId, instanceId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { Dialog } from '@/ui/Dialog';
import { controlClass } from '@/ui/Field';
import { ErrorPanel } from '@/ui/States';
import { useTransfer } from './useTransfer';

const LIMIT = 100;

interface Props {
  project: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Takes databases that belong to no project into this one. */
export function AddDatabasesDialog({ open, onOpenChange, project }: Props) {
  const { t } = useTranslation();
  const [picked, setPicked] = useState<ReadonlyMap<string, Database>>(new Map());
  const [tried, setTried] = useState(false);
  const transfer = useTransfer();
  const close = (next: boolean) => {
    onOpenChange(next);
    if (!next) {
      setPicked(new Map());
      setTried(false);
      transfer.reset();
    }
  };
  const submit = () => {
    setTried(true);
    if (picked.size === 0) return;
    transfer.move([...picked.values()], project, t('database.added', { count: picked.size })).then(
      () => close(false),
      () => {}, // Shown from transfer.error.
    );
  };
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title={t('database.add')}
      description={t('database.addText')}
      footer={
        <>
          <Button onClick={() => close(false)}>{t('action.cancel')}</Button>
          <Button tone="primary" busy={transfer.isPending} onClick={submit}>
            {picked.size === 0 ? t('database.add') : t('database.addCount', { count: picked.size })}
          </Button>
        </>
      }
    >
      <Unassigned picked={picked} onPick={setPicked} />
      {tried && picked.size === 0 && (
        <p role="alert" className="mt-2 text-danger">
          {t('database.pickOne')}
        </p>
      )}
      {transfer.error && <ErrorPanel error={transfer.error} doing={t('database.add')} />}
    </Dialog>
  );
}

interface UnassignedProps {
  picked: ReadonlyMap<string, Database>;
  onPick: (picked: ReadonlyMap<string, Database>) => void;
}

function Unassigned({ picked, onPick }: UnassignedProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const search = useDebounced(text, 150);
  const query = useRpc(
    'DatabaseService/ListDatabases',
    {
      parent: 'workspaces/default',
      pageSize: LIMIT,
      filter: all(equals('project', DEFAULT_PROJECT), contains('name', search)),
    },
    { topics: ['instances'], keep: true },
  );
  const toggle = (db: Database, on: boolean) => {
    const next = new Map(picked);
    if (on) next.set(db.name ?? '', db);
    else next.delete(db.name ?? '');
    onPick(next);
  };
  return (
    <>
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
              {search ? t('state.noMatch') : t('database.allAssigned')}{' '}
              {!search && (
                <TextLink className="underline" to={paths.newInstance()}>
                  {t('instance.new')}
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
                      onChange={(event) => toggle(db, event.target.checked)}
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
    </>
  );
}
