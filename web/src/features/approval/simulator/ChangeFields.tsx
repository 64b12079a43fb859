import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { DatabaseChips } from '@/features/databases/DatabaseChips';
import { SqlEditor } from '@/features/editor/SqlEditor';
import { useEngine } from '@/features/instances/engines';
import { DatabasePicker } from '@/features/query/DatabasePicker';
import { TextField } from '@/ui/Field';

export interface Change {
  statement: string;
  targets: readonly string[];
  /** As typed, with commas between them. */
  labels: string;
}

export const NO_CHANGE: Change = { statement: '', targets: [], labels: '' };

interface Props {
  value: Change;
  onChange: (value: Change) => void;
}

/** A statement and the databases it is for. */
export function ChangeFields({ value, onChange }: Props) {
  const { t } = useTranslation();
  const { targets } = value;
  const set = (part: Partial<Change>) => onChange({ ...value, ...part });
  const first = useRpc('DatabaseService/GetDatabase', { name: targets[0] }, { enabled: targets.length > 0 });
  const engine = useEngine(first.data?.instanceResource?.engine);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-col gap-1.5">
        <DatabasePicker
          value=""
          onChange={({ name = '' }) => !targets.includes(name) && set({ targets: [...targets, name] })}
        />
        <DatabaseChips
          label={t('plan.targets')}
          names={targets}
          onChange={(next) => set({ targets: next })}
        />
      </div>
      <SqlEditor
        label={t('approval.test.statement')}
        value={value.statement}
        onChange={(statement) => set({ statement })}
        engine={engine?.kind}
        minHeight="6rem"
        maxHeight="16rem"
      />
      <TextField
        label={t('approval.test.labels')}
        optional
        value={value.labels}
        onChange={(event) => set({ labels: event.target.value })}
      />
    </div>
  );
}
