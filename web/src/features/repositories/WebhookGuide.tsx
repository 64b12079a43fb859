import { ExternalLink } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Repository } from '@/api/types';
import { isLocalAddress } from '@/features/gitops/prerequisites';
import { paths } from '@/lib/paths';
import { ButtonLink } from '@/ui/Button';
import { CopyBlock } from '@/ui/CopyBlock';
import { Notice } from '@/ui/States';
import { hooksPage, hostOf } from './repositories';

interface Props {
  repository: Repository;
  /** Only right after it was made. */
  secret?: string | undefined;
}

/** What to fill in at the host, word for word, so that it tells of pushes. */
export function WebhookGuide({ repository, secret }: Props) {
  const { t } = useTranslation();
  const host = hostOf(repository);
  const { webhookUrl = '' } = repository;
  const address = new URL(webhookUrl, window.location.origin).toString();
  const isKnown = /^https?:/.test(webhookUrl);
  const page = hooksPage(repository);
  const steps: { key: string; text: ReactNode; code?: ReactNode }[] = [
    {
      key: 'open',
      text: (
        <>
          {t(`repository.hook.${host}.open`)}{' '}
          <a
            href={page}
            target="_blank"
            rel="noreferrer"
            className="inline-flex items-center gap-1 text-accent [overflow-wrap:anywhere] hover:underline"
          >
            {page.replace(/^https?:\/\//, '')}
            <ExternalLink className="size-3.5 shrink-0" aria-hidden="true" />
          </a>
        </>
      ),
    },
    {
      key: 'url',
      text: t(`repository.hook.${host}.url`),
      code: <CopyBlock wrap text={address} label={t('repository.hookUrl')} />,
    },
    {
      key: 'secret',
      text: t(`repository.hook.${host}.secret`),
      code: secret ? (
        <CopyBlock wrap text={secret} label={t('repository.secret')} />
      ) : (
        <p className="text-small text-muted">{t('repository.secretGone')}</p>
      ),
    },
    { key: 'events', text: t(`repository.hook.${host}.events`) },
    { key: 'add', text: t(`repository.hook.${host}.add`) },
  ];
  return (
    <div className="flex flex-col gap-4">
      {(!isKnown || isLocalAddress(address)) && (
        <Notice
          tone="warning"
          title={isKnown ? t('repository.hookLocal') : t('repository.hookUnknown')}
          // Who leaves now has not kept the secret.
          actions={!secret && <ButtonLink to={paths.settings()}>{t('idp.toSettings')}</ButtonLink>}
        >
          <p>{t('repository.hookInstead')}</p>
        </Notice>
      )}
      <ol className="flex list-decimal flex-col gap-3 pl-5 marker:text-muted">
        {steps.map(({ key, text, code }) => (
          <li key={key}>
            <p>{text}</p>
            {code && <div className="mt-1.5">{code}</div>}
          </li>
        ))}
      </ol>
    </div>
  );
}
