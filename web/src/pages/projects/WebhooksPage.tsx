import { Plus, Webhook as WebhookIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Webhook } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { type Column, DataTable, nameColumn } from '@/components/list/DataTable';
import { Page } from '@/components/Page';
import { useProject } from '@/features/projects/useProject';
import { SecretDialog } from '@/features/webhooks/SecretDialog';
import { WebhookActions } from '@/features/webhooks/WebhookActions';
import { WebhookDialog } from '@/features/webhooks/WebhookDialog';
import { eventsOf, kindOf } from '@/features/webhooks/webhooks';
import { useSearchState } from '@/hooks/useSearch';
import { paths } from '@/lib/paths';
import { Button } from '@/ui/Button';
import { NameLink } from '@/ui/NameLink';
import { EmptyState } from '@/ui/States';

/** Who is told what happens in the project. */
export default function WebhooksPage() {
  const { t } = useTranslation();
  const project = useProject();
  const { name } = project;
  const [search, setSearch] = useSearchState();
  const [fresh, setFresh] = useState<Webhook | null>(null);
  const query = useRpc('ProjectService/GetProject', { name }, { topics: [name] });
  const columns = useColumns();
  const webhooks = query.data?.webhooks ?? [];
  const close = () => setSearch({ dialog: undefined });
  const add = (
    <Button tone="primary" onClick={() => setSearch({ dialog: 'new' })}>
      <Plus aria-hidden="true" />
      {t('webhook.add')}
    </Button>
  );
  return (
    <Page
      title={t('nav.webhooks')}
      context={project.title}
      purpose={t('webhook.purpose')}
      actions={webhooks.length > 0 && add}
    >
      <Loaded query={query} doing={t('nav.webhooks')}>
        {() =>
          webhooks.length > 0 ? (
            <DataTable
              label={t('nav.webhooks')}
              items={webhooks}
              columns={columns}
              keyOf={({ name: key = '' }) => key}
            />
          ) : (
            <EmptyState icon={<WebhookIcon aria-hidden="true" />} title={t('webhook.empty')} action={add}>
              {t('webhook.emptyText')}
            </EmptyState>
          )
        }
      </Loaded>
      {search.dialog === 'new' && (
        <WebhookDialog
          project={name}
          onClose={close}
          onSaved={(saved) => {
            close();
            setFresh((saved.webhooks ?? []).find(({ signingSecret }) => signingSecret) ?? null);
          }}
        />
      )}
      {fresh && <SecretDialog webhook={fresh} onClose={() => setFresh(null)} />}
    </Page>
  );
}

function useColumns(): Column<Webhook>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'name',
      label: t('webhook.name'),
      className: nameColumn,
      cell: ({ name = '', title }) => <NameLink to={paths.webhook(name)} name={title} />,
    },
    {
      key: 'service',
      label: t('webhook.service'),
      className: 'sm:whitespace-nowrap',
      cell: (webhook) => t(`webhook.kind.${kindOf(webhook)}`),
    },
    {
      key: 'url',
      label: t('webhook.url'),
      wide: true,
      className: 'max-w-72 truncate font-mono text-caption text-muted',
      cell: ({ urlMasked }) => urlMasked,
    },
    {
      key: 'events',
      label: t('webhook.events'),
      wide: true,
      className: 'min-w-56 text-muted',
      cell: (webhook) =>
        eventsOf(webhook)
          .map((event) => t(`webhook.event.${event}`))
          .join(', '),
    },
    {
      key: 'actions',
      label: t('list.actions'),
      end: true,
      cell: (webhook) => <WebhookActions webhook={webhook} />,
    },
  ];
}
