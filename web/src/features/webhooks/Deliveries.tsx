import { RotateCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCall, useRpc } from '@/api/query';
import type { Delivery } from '@/api/types';
import { PAGE_SIZE, Pager, useListState } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { type Column, DataTable } from '@/components/list/DataTable';
import { Button } from '@/ui/Button';
import { RelativeTime } from '@/ui/RelativeTime';
import { EmptyState } from '@/ui/States';
import { Status, type StatusKind } from '@/ui/Status';
import { toast } from '@/ui/toast';

/** Nothing is told of a delivery that ends: its page asks. */
const EVERY_MS = 5_000;

const LOOK: Record<string, { kind: StatusKind; word: 'waiting' | 'delivered' | 'givenUp' }> = {
  PENDING: { kind: 'pending', word: 'waiting' },
  DELIVERED: { kind: 'done', word: 'delivered' },
  FAILED: { kind: 'failed', word: 'givenUp' },
};

/** What became of each message of a webhook. */
export function Deliveries({ webhook }: { webhook: string }) {
  const { t } = useTranslation();
  const { pageToken } = useListState();
  const query = useRpc(
    'WebhookService/ListDeliveries',
    { parent: webhook, pageSize: PAGE_SIZE, pageToken },
    { keep: true, every: EVERY_MS },
  );
  const columns = useColumns();
  return (
    <Loaded query={query} doing={t('webhook.deliveries')}>
      {({ deliveries = [], nextPageToken }) =>
        deliveries.length > 0 ? (
          <>
            <DataTable
              label={t('webhook.deliveries')}
              items={deliveries}
              columns={columns}
              keyOf={({ name = '' }) => name}
            />
            <Pager nextPageToken={nextPageToken} />
          </>
        ) : (
          <EmptyState title={t('webhook.noDeliveries')}>{t('webhook.noDeliveriesText')}</EmptyState>
        )
      }
    </Loaded>
  );
}

function useColumns(): Column<Delivery>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'what',
      label: t('webhook.message'),
      className: 'min-w-48',
      cell: ({ title }) => <span className="font-medium [overflow-wrap:anywhere]">{title}</span>,
    },
    {
      key: 'status',
      label: t('user.state'),
      className: 'min-w-40',
      cell: ({ status = '', error, httpStatus }) => {
        const look = LOOK[status] ?? LOOK.PENDING;
        return (
          <>
            {look && <Status kind={look.kind} label={t(`webhook.${look.word}`)} />}
            {(error || httpStatus) && status !== 'DELIVERED' ? (
              <span className="block text-caption text-danger [overflow-wrap:anywhere]">
                {error || t('webhook.answered', { status: httpStatus })}
              </span>
            ) : (
              httpStatus !== undefined &&
              httpStatus > 0 && (
                <span className="block text-caption text-muted">
                  {t('webhook.answered', { status: httpStatus })}
                </span>
              )
            )}
          </>
        );
      },
    },
    {
      key: 'attempts',
      label: t('webhook.attempts'),
      numeric: true,
      cell: ({ attempts = 0 }) => attempts,
    },
    {
      key: 'when',
      label: t('list.created'),
      className: 'text-muted',
      cell: ({ createTime }) => <RelativeTime value={createTime} />,
    },
    {
      key: 'next',
      label: t('webhook.next'),
      className: 'text-muted',
      cell: ({ nextAttemptTime, finishTime }) =>
        nextAttemptTime ? (
          <RelativeTime value={nextAttemptTime} />
        ) : (
          finishTime && (
            <span className="whitespace-nowrap">
              {t('webhook.ended')} <RelativeTime value={finishTime} />
            </span>
          )
        ),
    },
    {
      key: 'actions',
      label: t('list.actions'),
      end: true,
      cell: (delivery) => delivery.status !== 'DELIVERED' && <Retry delivery={delivery} />,
    },
  ];
}

function Retry({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const retry = useCall('WebhookService/RetryDelivery', { touches: ['WebhookService'] });
  return (
    <Button
      size="sm"
      busy={retry.isPending}
      onClick={() =>
        retry.mutate(
          { name: delivery.name },
          { onError: (error) => toast({ text: error.message, tone: 'danger' }) },
        )
      }
    >
      <RotateCw aria-hidden="true" />
      {t('webhook.sendAgain')}
    </Button>
  );
}
