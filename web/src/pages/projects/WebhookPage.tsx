import { useParams } from '@tanstack/react-router';
import { Send } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Webhook } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { NotFoundBody } from '@/components/NotFound';
import { Page, Section } from '@/components/Page';
import { useProject } from '@/features/projects/useProject';
import { Deliveries } from '@/features/webhooks/Deliveries';
import { HowToVerify } from '@/features/webhooks/HowToVerify';
import { useWebhookTest } from '@/features/webhooks/useWebhookTest';
import { WebhookActions } from '@/features/webhooks/WebhookActions';
import { eventsOf, kindOf } from '@/features/webhooks/webhooks';
import { Button } from '@/ui/Button';

/** One webhook: what it is told of, and what became of its messages. */
export default function WebhookPage() {
  const { t } = useTranslation();
  const project = useProject();
  const params = useParams({ strict: false }) as { webhook?: string };
  const query = useRpc(
    'ProjectService/GetProject',
    { name: project.name },
    {
      topics: [project.name],
      select: ({ webhooks = [] }) =>
        webhooks.find(({ name }) => name === `${project.name}/webhooks/${params.webhook}`) ?? null,
    },
  );
  if (query.data) return <WebhookView project={project} webhook={query.data} />;
  return (
    <Page title={t('nav.webhooks')} context={project.title}>
      <Loaded query={query} doing={t('nav.webhooks')}>
        {() => <NotFoundBody />}
      </Loaded>
    </Page>
  );
}

interface Props {
  project: { name: string; title: string };
  webhook: Webhook;
}

function WebhookView({ project, webhook }: Props) {
  const { t } = useTranslation();
  const test = useWebhookTest(project.name);
  return (
    <Page
      title={webhook.title ?? ''}
      context={project.title}
      purpose={
        <span className="flex flex-wrap gap-x-4">
          <span>{t(`webhook.kind.${kindOf(webhook)}`)}</span>
          <span className="font-mono text-small">{webhook.urlMasked}</span>
        </span>
      }
      actions={
        <>
          <Button
            busy={test.busy}
            onClick={() => test.run({ name: webhook.name, type: webhook.type, title: webhook.title })}
          >
            <Send aria-hidden="true" />
            {t('webhook.test')}
          </Button>
          <WebhookActions webhook={webhook} />
        </>
      }
    >
      {test.result()}
      <Section title={t('webhook.events')}>
        <ul className="flex flex-wrap gap-1.5">
          {eventsOf(webhook).map((event) => (
            <li key={event} className="rounded-button border border-line bg-surface px-2 py-0.5 text-small">
              {t(`webhook.event.${event}`)}
            </li>
          ))}
        </ul>
      </Section>
      <Section title={t('webhook.deliveries')}>
        <p className="text-muted">{t('webhook.deliveriesText')}</p>
        <Deliveries webhook={webhook.name ?? ''} />
      </Section>
      {webhook.type === 'GENERIC' && (
        <Section title={t('webhook.verify')}>
          <HowToVerify />
        </Section>
      )}
    </Page>
  );
}
