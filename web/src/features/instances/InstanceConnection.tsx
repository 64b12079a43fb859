import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { DataSource, Instance } from '@/api/types';
import { ActionConfirm } from '@/components/ActionConfirm';
import { Section } from '@/components/Page';
import { Button } from '@/ui/Button';
import { ADMIN } from './form';
import { SourceForm } from './SourceForm';

const READ_ONLY = 'READ_ONLY';

/** The data source that changes, and those that only read: a replica, or a user with fewer rights. */
export function InstanceConnection({ instance }: { instance: Instance }) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<DataSource | null>(null);
  const sources = instance.dataSources ?? [];
  const admin = sources.find((source) => source.type === ADMIN.type) ?? sources[0];
  const readers = sources.filter((source) => source.type === READ_ONLY);
  const free = Array.from({ length: readers.length + 1 }, (_, i) => `read-only-${i + 1}`).find(
    (id) => !sources.some((source) => source.id === id),
  );
  return (
    <div className="flex max-w-160 flex-col gap-8">
      <Section title={t('instance.adminSource')}>
        <p className="text-muted">{t('instance.adminSourceText')}</p>
        <SourceForm instance={instance} source={admin} which={{ ...ADMIN, id: admin?.id ?? ADMIN.id }} />
      </Section>
      <Section
        title={t('instance.readOnlySource')}
        actions={
          !adding &&
          readers.length > 0 && (
            <Button size="sm" onClick={() => setAdding(true)}>
              <Plus aria-hidden="true" />
              {t('instance.addReadOnly')}
            </Button>
          )
        }
      >
        <p className="text-muted">{t('instance.readOnlyText')}</p>
        {readers.map((source) => (
          <section
            key={source.id}
            aria-label={source.id}
            className="flex flex-col gap-3 rounded-card border border-line p-3"
          >
            <div className="flex items-center justify-between gap-2">
              <h3 className="font-mono text-small font-medium">{source.id}</h3>
              <Button size="sm" tone="ghost" onClick={() => setRemoving(source)}>
                {t('instance.removeSource')}
              </Button>
            </div>
            <SourceForm instance={instance} source={source} which={{ id: source.id, type: READ_ONLY }} />
          </section>
        ))}
        {adding && (
          <div className="rounded-card border border-line p-3">
            <SourceForm
              instance={instance}
              source={undefined}
              which={{ id: free, type: READ_ONLY }}
              like={admin && { ...admin, username: '' }}
              onDone={() => setAdding(false)}
            />
          </div>
        )}
        {!adding && readers.length === 0 && (
          <div className="flex flex-wrap items-center justify-between gap-3 rounded-card border border-line bg-surface px-3 py-2.5">
            <p className="text-muted">{t('instance.noReadOnly')}</p>
            <Button size="sm" onClick={() => setAdding(true)}>
              {t('instance.addReadOnly')}
            </Button>
          </div>
        )}
      </Section>
      {removing && <RemoveConfirm instance={instance} source={removing} onClose={() => setRemoving(null)} />}
    </div>
  );
}

interface RemoveProps {
  instance: Instance;
  source: DataSource;
  onClose: () => void;
}

function RemoveConfirm({ instance, source, onClose }: RemoveProps) {
  const { t } = useTranslation();
  const remove = useCall('InstanceService/RemoveDataSource', { touches: ['InstanceService'] });
  return (
    <ActionConfirm
      title={t('instance.removeSourceTitle', { id: source.id })}
      doing={t('instance.removeSource')}
      call={remove}
      onConfirm={() =>
        remove.mutate(
          { name: instance.name, dataSource: { id: source.id, type: READ_ONLY } },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <p>{t('instance.removeSourceText')}</p>
    </ActionConfirm>
  );
}
