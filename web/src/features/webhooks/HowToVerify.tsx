import { useTranslation } from 'react-i18next';

const HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;
/** In the repository and in each package; paths are the same in every language. */
const DOCS = 'docs/howto/webhooks.md';
const RECEIVER = 'docs/howto/webhook-receiver.py';

/** What a receiver of one's own looks at before it believes a message. */
export function HowToVerify() {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-2">
      <p className="text-muted">{t('webhook.verifyText')}</p>
      <dl className="grid gap-x-4 gap-y-1.5 sm:grid-cols-[max-content_1fr]">
        {HEADERS.map((header) => (
          <div key={header} className="contents">
            <dt className="font-mono text-small">{header}</dt>
            <dd className="text-small text-muted">{t(`webhook.header.${header}`)}</dd>
          </div>
        ))}
      </dl>
      <p className="text-small text-muted">
        {t('webhook.verifyMore')} <code className="font-mono">{DOCS}</code>
        {', '}
        <code className="font-mono">{RECEIVER}</code>
      </p>
    </div>
  );
}
