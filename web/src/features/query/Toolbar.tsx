import { Eye, Play, Rows3 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Database } from '@/api/types';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import { formatCount } from '@/lib/format';
import { keyName } from '@/lib/keys';
import { Button } from '@/ui/Button';
import { Select } from '@/ui/Select';
import { Tooltip } from '@/ui/Tooltip';
import { DatabasePicker } from './DatabasePicker';
import { LIMITS, type Sheet } from './sheets/sheet';

/** Leaves it to the server: Radix has no empty value. */
const USUAL = '*';

interface Props {
  sheet: Sheet;
  database: Database | undefined;
  /** Schemas to look names up in, when there are several. */
  schemas: readonly string[];
  onDatabase: (database: Database) => void;
  onChange: (patch: Partial<Sheet>) => void;
  onRun: () => void;
  onRunAll: () => void;
}

/** Where the sheet runs and how: database, environment, limit, and the buttons that run it. */
export function Toolbar({ sheet, database, schemas, onDatabase, onChange, onRun, onRunAll }: Props) {
  const { t } = useTranslation();
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-3 py-2">
      <DatabasePicker
        value={sheet.database}
        onChange={onDatabase}
        className="w-60 max-w-full max-sm:basis-full"
      />
      <EnvironmentBadge name={database?.effectiveEnvironment} />
      <Tooltip text={t('sqlEditor.readOnlyText')}>
        <span
          // biome-ignore lint/a11y/noNoninteractiveTabindex: its tooltip must be reachable by keyboard
          tabIndex={0}
          className="inline-flex h-6 items-center gap-1 rounded-full border border-success/40 px-2 text-caption font-medium text-success"
        >
          <Eye className="size-3.5" aria-hidden="true" />
          {t('sqlEditor.readOnly')}
        </span>
      </Tooltip>
      {schemas.length > 1 && (
        <Select
          bare
          label={t('sqlEditor.schema')}
          value={sheet.schema || USUAL}
          onChange={(schema) => onChange({ schema: schema === USUAL ? '' : schema })}
          className="w-36! text-small!"
          options={[
            { value: USUAL, label: t('sqlEditor.usualSchema') },
            ...schemas.map((name) => ({ value: name, label: name })),
          ]}
        />
      )}
      <Select
        bare
        label={t('sqlEditor.limit')}
        value={String(sheet.limit)}
        onChange={(limit) => onChange({ limit: Number(limit) })}
        className="w-36! text-small!"
        options={LIMITS.map((limit) => ({
          value: String(limit),
          label: t('sqlEditor.limitRows', { limit: formatCount(limit) }),
        }))}
      />
      <span className="ml-auto flex items-center gap-2">
        <Tooltip text={t('sqlEditor.runTip', { keys: `${keyName('Mod')} Enter` })}>
          <Button tone="primary" onClick={onRun} aria-keyshortcuts="Control+Enter Meta+Enter">
            <Play aria-hidden="true" />
            {t('sqlEditor.run')}
          </Button>
        </Tooltip>
        <Tooltip text={t('sqlEditor.runAllTip', { keys: `${keyName('Mod')} Shift Enter` })}>
          <Button onClick={onRunAll} aria-keyshortcuts="Control+Shift+Enter Meta+Shift+Enter">
            <Rows3 aria-hidden="true" />
            {t('sqlEditor.runAll')}
          </Button>
        </Tooltip>
      </span>
    </div>
  );
}
