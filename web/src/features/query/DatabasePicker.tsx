import { Check, ChevronDown } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Database } from '@/api/types';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import { EngineIcon } from '@/features/instances/EngineIcon';
import { useDebounced } from '@/hooks/useDebounced';
import { cn } from '@/lib/cn';
import { all, contains } from '@/lib/filter';
import { DEFAULT_PROJECT, databaseId, instanceId, projectId } from '@/lib/names';
import { controlClass } from '@/ui/Field';

/** Enough to choose from; more are found by typing. */
const PAGE = 50;

interface Props {
  /** The database's name, '' for none. */
  value: string;
  onChange: (database: Database) => void;
  className?: string;
}

/** One database of thousands: the server searches while one types. */
export function DatabasePicker({ value, onChange, className }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  /** Enter was pressed before the answer to the text was there. */
  const [entered, setEntered] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const search = useDebounced(text, 150);
  const query = useRpc(
    'DatabaseService/ListDatabases',
    { parent: 'workspaces/default', pageSize: PAGE, filter: all(contains('name', search)) },
    { topics: ['instances'], keep: true, enabled: open },
  );
  const found = query.data?.databases ?? [];
  // What shows may still be the answer to an earlier text.
  const fresh = search === text && query.data !== undefined && !query.isPlaceholderData;
  const place = Math.min(active, Math.max(0, found.length - 1));
  const close = () => {
    setOpen(false);
    setEntered(false);
    setText('');
    setActive(0);
  };
  const pick = (database: Database | undefined) => {
    if (!database) return;
    close();
    onChange(database);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the answer is there
  useEffect(() => {
    if (!entered || !fresh) return;
    setEntered(false);
    pick(found[0]);
  }, [entered, fresh]);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      if (box.current?.contains(event.target as Node)) return;
      setOpen(false);
      setText('');
    };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, [open]);
  useEffect(() => {
    if (open) document.getElementById(`${id}-${place}`)?.scrollIntoView({ block: 'nearest' });
  }, [open, id, place]);
  const press = (event: KeyboardEvent) => {
    if (!open) {
      if (event.key === 'ArrowDown' || event.key === 'Enter') setOpen(true);
      return;
    }
    if (event.key === 'ArrowDown') setActive(Math.min(place + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(place - 1, 0));
    else if (event.key === 'Enter') {
      if (fresh) pick(found[place]);
      else setEntered(true);
    } else if (event.key === 'Escape') close();
    else {
      if (event.key === 'Tab' && !entered) close();
      return;
    }
    event.preventDefault();
  };
  return (
    <div ref={box} className={cn('relative', className)}>
      <input
        ref={input}
        role="combobox"
        aria-label={t('sqlEditor.database')}
        aria-expanded={open}
        aria-controls={open ? `${id}-list` : undefined}
        aria-activedescendant={open && found.length > 0 ? `${id}-${place}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        placeholder={value ? databaseId(value) : t('sqlEditor.chooseDatabase')}
        value={open ? text : databaseId(value)}
        onClick={() => setOpen(true)}
        onChange={(event) => {
          setText(event.target.value);
          setEntered(false);
          setActive(0);
          setOpen(true);
        }}
        onKeyDown={press}
        className={cn(controlClass(), 'h-8 truncate pr-8 font-medium')}
      />
      <ChevronDown
        className="pointer-events-none absolute top-2 right-2 size-4 text-muted"
        aria-hidden="true"
      />
      {open && (
        <div className="absolute top-full left-0 z-30 mt-1 w-[min(28rem,calc(100vw-2rem))] animate-fade overflow-hidden rounded-card border border-line bg-raised shadow-overlay">
          <div
            id={`${id}-list`}
            role="listbox"
            aria-label={t('sqlEditor.database')}
            aria-busy={query.isFetching || undefined}
            className="max-h-80 overflow-y-auto p-1"
          >
            {found.map((database, i) => (
              <Choice
                key={database.name}
                id={`${id}-${i}`}
                database={database}
                active={i === place}
                current={database.name === value}
                onPick={() => pick(database)}
              />
            ))}
          </div>
          {query.error ? (
            <p role="alert" className="px-3 py-2 text-small text-danger">
              {query.error.message}
            </p>
          ) : (
            <p role="status" className="border-t border-line px-3 py-1.5 text-caption text-muted">
              {query.data === undefined
                ? t('state.loading')
                : found.length === 0
                  ? t(search ? 'state.noMatch' : 'database.none')
                  : query.data.nextPageToken
                    ? t('database.moreExist', { count: PAGE })
                    : t('sqlEditor.databaseCount', { count: found.length })}
            </p>
          )}
        </div>
      )}
    </div>
  );
}

interface ChoiceProps {
  id: string;
  database: Database;
  active: boolean;
  current: boolean;
  onPick: () => void;
}

function Choice({ id, database, active, current, onPick }: ChoiceProps) {
  const { name, project = DEFAULT_PROJECT, instanceResource } = database;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox listens for keys
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={current}
      aria-labelledby={`${id}-name`}
      aria-describedby={`${id}-where`}
      onClick={onPick}
      className={cn(
        'flex items-center gap-2.5 rounded-input px-2 py-1',
        active ? 'bg-hover' : 'hover:bg-hover',
      )}
    >
      <EngineIcon engine={instanceResource?.engine} />
      <span className="min-w-0 flex-1">
        <span id={`${id}-name`} className="block truncate">
          {databaseId(name)}
        </span>
        <span id={`${id}-where`} className="block truncate text-caption text-muted">
          {[instanceResource?.title || instanceId(name), project !== DEFAULT_PROJECT && projectId(project)]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </span>
      <EnvironmentBadge name={database.effectiveEnvironment} className="shrink-0" />
      {current && <Check className="size-4 shrink-0 text-accent" aria-hidden="true" />}
    </div>
  );
}
