import { FileUp, Plus, X } from 'lucide-react';
import { type Ref, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { EDIT_MAX_BYTES } from '@/api/sheets';
import { type EditorHandle, type EditorMark, SqlEditor } from '@/features/editor/SqlEditor';
import { cn } from '@/lib/cn';
import { formatBytes } from '@/lib/format';
import { byteLength } from '@/lib/text';
import { Button, IconButton } from '@/ui/Button';
import { Notice } from '@/ui/States';
import { Count } from '@/ui/Tabs';
import { type Change, newChange } from './changes';
import { Targets } from './Targets';

interface Props {
  project: string;
  changes: Change[];
  onChange: (changes: Change[]) => void;
  onSave?: () => void;
  readOnly?: boolean;
  marks?: readonly EditorMark[];
  handle: Ref<EditorHandle>;
  /** The change that shows; the page decides, so that a finding can open its change. */
  current: number;
  onCurrent: (place: number) => void;
}

/** The changes of a plan: a list when there are several, and the SQL and targets of the chosen one. */
export function ChangesEditor(props: Props) {
  const { changes, onChange, readOnly, current, onCurrent } = props;
  const { t } = useTranslation();
  const change = changes[current] ?? changes[0];
  if (!change) return null;
  const patch = (next: Partial<Change>) =>
    onChange(changes.map((c) => (c === change ? { ...c, ...next } : c)));
  const remove = (place: number) => {
    onChange(changes.filter((_, i) => i !== place));
    onCurrent(Math.max(0, place - 1));
  };
  return (
    <div className={cn('grid gap-4', changes.length > 1 && 'lg:grid-cols-[13rem_minmax(0,1fr)]')}>
      {changes.length > 1 && (
        <ul aria-label={t('plan.changes')} className="flex flex-col gap-1">
          {changes.map((item, place) => (
            <li key={item.id} className="flex items-center">
              <button
                type="button"
                aria-current={item === change ? 'true' : undefined}
                onClick={() => onCurrent(place)}
                className={cn(
                  'flex h-8 min-w-0 flex-1 items-center gap-2 rounded-button px-2 text-left',
                  item === change ? 'bg-hover font-medium' : 'text-muted hover:bg-hover',
                )}
              >
                <span className="truncate">{t('plan.changeNumber', { number: place + 1 })}</span>
                <Count>{item.targets.length}</Count>
              </button>
              {!readOnly && (
                <IconButton
                  size="sm"
                  label={t('plan.removeChange', { number: place + 1 })}
                  onClick={() => remove(place)}
                >
                  <X aria-hidden="true" />
                </IconButton>
              )}
            </li>
          ))}
        </ul>
      )}
      <ChangeEditor key={change.id} {...props} change={change} patch={patch} />
    </div>
  );
}

interface ChangeProps extends Props {
  change: Change;
  patch: (next: Partial<Change>) => void;
}

function ChangeEditor({ project, change, patch, changes, onChange, onCurrent, ...rest }: ChangeProps) {
  const { t } = useTranslation();
  const [fileError, setFileError] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const engine = useEngineOf(change.targets[0]);
  const bytes = byteLength(change.statement);
  const tooLarge = bytes > EDIT_MAX_BYTES;
  const readFile = async (file: File) => {
    setFileError('');
    try {
      patch({ statement: new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer()) });
    } catch {
      setFileError(t('plan.notText', { name: file.name }));
    }
  };
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <Targets
        project={project}
        targets={change.targets}
        readOnly={rest.readOnly}
        onChange={(targets) => patch({ targets })}
      />
      {tooLarge && (
        <Notice tone="info">
          {t('plan.largeSql', { size: formatBytes(bytes), limit: formatBytes(EDIT_MAX_BYTES) })}
        </Notice>
      )}
      <SqlEditor
        label={t('plan.sql')}
        value={tooLarge ? change.statement.slice(0, EDIT_MAX_BYTES) : change.statement}
        onChange={tooLarge ? undefined : (statement) => patch({ statement })}
        onSave={rest.onSave}
        engine={engine}
        readOnly={rest.readOnly || tooLarge}
        minHeight={rest.readOnly ? '0' : undefined}
        marks={rest.marks}
        handle={rest.handle}
      />
      {fileError && (
        <p role="alert" className="text-danger">
          {fileError}
        </p>
      )}
      {!rest.readOnly && (
        <div className="flex flex-wrap gap-2">
          <input
            ref={input}
            type="file"
            accept=".sql,text/plain"
            hidden
            onChange={(event) => {
              const file = event.target.files?.[0];
              if (file) readFile(file);
              event.target.value = '';
            }}
          />
          <Button size="sm" onClick={() => input.current?.click()}>
            <FileUp aria-hidden="true" />
            {t('plan.upload')}
          </Button>
          <Button
            size="sm"
            tone="ghost"
            onClick={() => {
              onChange([...changes, newChange(change.targets)]);
              onCurrent(changes.length);
            }}
          >
            <Plus aria-hidden="true" />
            {t('plan.addChange')}
          </Button>
        </div>
      )}
    </div>
  );
}

function useEngineOf(database: string | undefined): string | undefined {
  const { data } = useRpc(
    'DatabaseService/GetDatabase',
    { name: database ?? '' },
    { enabled: Boolean(database), staleTime: 300_000 },
  );
  return data?.instanceResource?.engine;
}
