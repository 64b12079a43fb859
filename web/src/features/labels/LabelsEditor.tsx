import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '@/ui/Button';
import { TextField } from '@/ui/Field';
import { type LabelRow, labelProblems } from './labels';

interface Props {
  rows: readonly LabelRow[];
  onChange: (rows: LabelRow[]) => void;
  /** Shows what is wrong. */
  tried: boolean;
}

export function LabelsEditor({ rows, onChange, tried }: Props) {
  const { t } = useTranslation();
  const problems = labelProblems(rows);
  const change = (at: number, patch: Partial<LabelRow>) =>
    onChange(rows.map((row, i) => (i === at ? { ...row, ...patch } : row)));
  return (
    <div className="flex flex-col gap-2">
      {rows.length > 0 && (
        <ul aria-label={t('labels.title')} className="flex flex-col gap-2">
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity while they are typed
            <li key={at} className="grid grid-cols-[1fr_1fr_2rem] items-start gap-2">
              <TextField
                label={t('labels.key')}
                mono
                value={row.key}
                onChange={(event) => change(at, { key: event.target.value })}
                error={tried && problems[at] ? t(`labels.problem.${problems[at]}`) : undefined}
              />
              <TextField
                label={t('labels.value')}
                mono
                value={row.value}
                onChange={(event) => change(at, { value: event.target.value })}
              />
              <IconButton
                className="mt-6"
                label={t('labels.remove', { key: row.key })}
                onClick={() => onChange(rows.filter((_, i) => i !== at))}
              >
                <Trash2 aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <div>
        <Button size="sm" onClick={() => onChange([...rows, { key: '', value: '' }])}>
          <Plus aria-hidden="true" />
          {t('labels.add')}
        </Button>
      </div>
    </div>
  );
}
