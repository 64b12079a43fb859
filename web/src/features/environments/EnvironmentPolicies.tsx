import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Environment } from '@/api/types';
import { DurationField } from '@/components/DurationField';
import { Button, IconButton } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { TextField } from '@/ui/Field';
import { Segmented } from '@/ui/Segmented';
import { newWindow, summary, WEEKDAYS, type Window } from './policies';

interface Props {
  item: Environment;
  onChange: (item: Environment) => void;
}

/** What holds for every run in the environment: limits, hours, drift. Folded under a line that sums it up. */
export function EnvironmentPolicies({ item, onChange }: Props) {
  const { t } = useTranslation();
  const windows = item.windows ?? [];
  const change = (at: number, patch: Partial<Window>) =>
    onChange({ ...item, windows: windows.map((w, i) => (i === at ? { ...w, ...patch } : w)) });
  const parts = summary(item).map(({ key, text, count }) => t(`environment.policy.${key}`, { text, count }));
  return (
    <details className="w-full border-t border-line pt-2">
      <summary className="cursor-pointer text-small text-muted">
        {t('environment.policies')}
        {': '}
        {parts.length > 0 ? parts.join(' · ') : t('environment.policy.none')}
      </summary>
      <div className="mt-3 flex flex-col gap-4 pb-1">
        <div className="flex flex-wrap gap-4">
          <DurationField
            label={t('environment.lockTimeout')}
            value={item.lockTimeout}
            units={['seconds', 'minutes']}
            placeholder={t('environment.serverDefault')}
            onChange={(value) => value !== null && onChange({ ...item, lockTimeout: value })}
          />
          <DurationField
            label={t('environment.statementTimeout')}
            value={item.statementTimeout}
            units={['seconds', 'minutes', 'hours']}
            placeholder={t('environment.noLimit')}
            onChange={(value) => value !== null && onChange({ ...item, statementTimeout: value })}
          />
        </div>
        <Checkbox
          label={t('environment.stopOnDrift')}
          description={t('environment.stopOnDriftText')}
          checked={item.stopOnDrift ?? false}
          onChange={(event) => onChange({ ...item, stopOnDrift: event.target.checked || undefined })}
        />
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1.5 text-small font-medium">{t('environment.windows')}</legend>
          {windows.map((window, at) => (
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: windows have no identity but their place
              key={at}
              className="flex flex-wrap items-start gap-3 rounded-card border border-line bg-surface p-2.5"
            >
              <Weekdays window={window} onChange={(weekdays) => change(at, { weekdays })} />
              <TextField
                className="w-34"
                type="time"
                label={t('environment.from')}
                value={window.start ?? ''}
                onChange={(event) => change(at, { start: event.target.value })}
              />
              <TextField
                className="w-34"
                type="time"
                label={t('environment.until')}
                value={window.end ?? ''}
                onChange={(event) => change(at, { end: event.target.value })}
                hint={(window.end ?? '') <= (window.start ?? '') ? t('environment.nextDay') : undefined}
              />
              <TextField
                className="w-40"
                label={t('environment.timeZone')}
                value={window.timeZone ?? ''}
                onChange={(event) => change(at, { timeZone: event.target.value })}
              />
              <IconButton
                className="mt-6 ml-auto"
                label={t('environment.removeWindow')}
                onClick={() => onChange({ ...item, windows: windows.filter((_, i) => i !== at) })}
              >
                <Trash2 aria-hidden="true" />
              </IconButton>
            </div>
          ))}
          <div className="flex flex-wrap items-center gap-3">
            <Button size="sm" onClick={() => onChange({ ...item, windows: [...windows, newWindow()] })}>
              <Plus aria-hidden="true" />
              {t('environment.addWindow')}
            </Button>
            {windows.length > 0 && (
              <Segmented
                legend={t('environment.windowEnd')}
                value={item.windowEnd === 'PAUSE' ? 'PAUSE' : 'FINISH'}
                onChange={(windowEnd) => onChange({ ...item, windowEnd })}
                options={[
                  { value: 'FINISH', label: t('environment.finish') },
                  { value: 'PAUSE', label: t('environment.pause') },
                ]}
              />
            )}
          </div>
        </fieldset>
      </div>
    </details>
  );
}

interface WeekdaysProps {
  window: Window;
  onChange: (weekdays: Window['weekdays']) => void;
}

function Weekdays({ window, onChange }: WeekdaysProps) {
  const { t } = useTranslation();
  const chosen = window.weekdays ?? [];
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-small font-medium">{t('environment.days')}</legend>
      <div className="flex flex-wrap gap-x-3 gap-y-1">
        {WEEKDAYS.map((day) => (
          <Checkbox
            key={day}
            label={t(`environment.day.${day}`)}
            checked={chosen.includes(day)}
            onChange={(event) =>
              onChange(WEEKDAYS.filter((d) => (d === day ? event.target.checked : chosen.includes(d))))
            }
          />
        ))}
      </div>
    </fieldset>
  );
}
