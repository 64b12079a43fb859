import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Environment } from '@/api/types';
import { DirtyBar } from '@/components/DirtyBar';
import { Loaded } from '@/components/Loaded';
import { Page } from '@/components/Page';
import { EnvironmentRow } from '@/features/environments/EnvironmentRow';
import { ENVIRONMENT_SETTING, fromHex, useEnvironments } from '@/features/environments/environments';
import { move, problems } from '@/features/environments/order';
import { RolloutPolicies } from '@/features/environments/RolloutPolicies';
import { EnvironmentReview } from '@/features/review/ReviewSections';
import { Button } from '@/ui/Button';
import { ErrorPanel } from '@/ui/States';

const NEW_COLOR = '#3b5bdb';

export default function EnvironmentsPage() {
  const { t } = useTranslation();
  const query = useEnvironments();
  return (
    <Page title={t('nav.environments')} purpose={t('environment.purpose')} width="text">
      <Loaded query={query} doing={t('nav.environments')}>
        {(saved) => <Editor saved={saved} />}
      </Loaded>
      <RolloutPolicies />
      <EnvironmentReview />
    </Page>
  );
}

function Editor({ saved }: { saved: Environment[] }) {
  const { t } = useTranslation();
  const [edited, setEdited] = useState<Environment[] | null>(null);
  const [tried, setTried] = useState(false);
  const [dragged, setDragged] = useState<number | null>(null);
  const update = useCall('SettingService/UpdateSetting', { touches: ['SettingService', 'DatabaseService'] });
  const list = edited ?? saved;
  const found = problems(list);
  const change = (at: number, item: Environment) => setEdited(list.map((old, i) => (i === at ? item : old)));
  const save = () => {
    setTried(true);
    if (found.some(Boolean)) return;
    update.mutate(
      { setting: { name: ENVIRONMENT_SETTING, value: { environment: { environments: list } } } },
      {
        onSuccess: () => {
          setEdited(null);
          setTried(false);
        },
      },
    );
  };
  return (
    <div className="flex flex-col gap-3">
      <ol aria-label={t('nav.environments')} className="flex flex-col gap-2">
        {list.map((item, at) => (
          <EnvironmentRow
            key={item.name || `new-${at}`}
            item={item}
            place={at}
            count={list.length}
            problem={tried ? found[at] : undefined}
            onChange={(next) => change(at, next)}
            onMove={(to) => setEdited(move(list, at, to))}
            onRemove={() => setEdited(list.filter((_, i) => i !== at))}
            onDragStart={() => setDragged(at)}
            onDropHere={() => dragged !== null && setEdited(move(list, dragged, at))}
          />
        ))}
      </ol>
      <div>
        <Button onClick={() => setEdited([...list, { id: '', title: '', color: fromHex(NEW_COLOR) }])}>
          <Plus aria-hidden="true" />
          {t('environment.add')}
        </Button>
      </div>
      <p className="text-muted">
        {t('environment.preview')} <strong>{list.map((e) => e.title || '…').join(' → ')}</strong>
      </p>
      {update.error && <ErrorPanel error={update.error} doing={t('action.save')} />}
      {edited && (
        <DirtyBar
          busy={update.isPending}
          onSave={save}
          onDiscard={() => {
            setEdited(null);
            setTried(false);
            update.reset();
          }}
        />
      )}
    </div>
  );
}
