import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Project, Webhook } from '@/api/types';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { PasswordField, TextField } from '@/ui/Field';
import { FormDialog } from '@/ui/FormDialog';
import { Select } from '@/ui/Select';
import { ErrorPanel } from '@/ui/States';
import { useWebhookTest } from './useWebhookTest';
import {
  type Draft,
  draftOf,
  EVENTS,
  maskOf,
  mayBeSigned,
  needsUrl,
  SERVICES,
  type ServiceKind,
  wireOf,
  withEvent,
} from './webhooks';

interface Props {
  project: string;
  /** One to change; without it a new one is made. */
  webhook?: Webhook;
  onClose: () => void;
  /** With the secret that was made just now, if one was. */
  onSaved: (project: Project) => void;
}

/** Where messages go and what they tell of. Address and secret can be written, and never read. */
export function WebhookDialog({ project, webhook, onClose, onSaved }: Props) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(() => draftOf(webhook));
  const [tried, setTried] = useState(false);
  const touches = ['ProjectService'] as const;
  const add = useCall('ProjectService/AddWebhook', { touches });
  const update = useCall('ProjectService/UpdateWebhook', { touches });
  const test = useWebhookTest(project);
  const error = add.error ?? update.error ?? test.error;
  const urlNeeded = needsUrl(draft, webhook);
  const change = (part: Partial<Draft>) => {
    for (const call of [add, update]) call.reset();
    test.forget();
    setDraft({ ...draft, ...part });
  };
  const noUrl = urlNeeded && !draft.url.trim();
  const submit = () => {
    setTried(true);
    if (!draft.title.trim() || noUrl || draft.events.length === 0) return;
    const wire = wireOf(draft, webhook);
    if (webhook) update.mutate({ webhook: wire, updateMask: maskOf(draft) }, { onSuccess: onSaved });
    else add.mutate({ project, webhook: wire }, { onSuccess: onSaved });
  };
  const runTest = () => {
    if (noUrl) setTried(true);
    else test.run(wireOf(draft, webhook));
  };
  const refused = add.error ?? update.error;
  return (
    <FormDialog
      title={webhook ? t('webhook.edit', { name: webhook.title }) : t('webhook.add')}
      submit={webhook ? t('action.save') : t('webhook.create')}
      busy={add.isPending || update.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <Select
          label={t('webhook.service')}
          value={draft.type}
          onChange={(type) => change({ type: type as ServiceKind })}
          options={SERVICES.map((value) => ({ value, label: t(`webhook.kind.${value}`) }))}
        />
        <TextField
          label={t('webhook.name')}
          value={draft.title}
          onChange={(event) => change({ title: event.target.value })}
          error={
            error?.field('webhook.title') ??
            (tried && !draft.title.trim() ? t('project.nameNeeded') : undefined)
          }
        />
      </div>
      <TextField
        label={t('webhook.url')}
        type="url"
        mono
        value={draft.url}
        placeholder={urlNeeded ? undefined : webhook?.urlMasked}
        hint={urlNeeded ? t(`webhook.urlHint.${draft.type}`) : t('webhook.urlStays')}
        onChange={(event) => change({ url: event.target.value })}
        error={error?.field('webhook.url') ?? (tried && noUrl ? t('webhook.urlNeeded') : undefined)}
      />
      {mayBeSigned(draft.type) && (
        <PasswordField
          label={t('webhook.secret')}
          optional
          value={draft.secret}
          hint={webhook?.signingSecretSet ? t('webhook.secretStays') : t('webhook.secretHint')}
          onChange={(event) => change({ secret: event.target.value })}
          error={error?.field('webhook.signing_secret')}
        />
      )}
      {draft.type === 'GENERIC' && urlNeeded && (
        <p className="text-small text-muted">{t('webhook.secretComes')}</p>
      )}
      <fieldset className="flex flex-col gap-2" aria-describedby="webhook-events">
        <legend className="mb-1.5 text-small font-medium">{t('webhook.events')}</legend>
        <div className="grid gap-2 sm:grid-cols-2">
          {EVENTS.map((event) => (
            <Checkbox
              key={event}
              label={t(`webhook.event.${event}`)}
              description={t(`webhook.eventText.${event}`)}
              checked={draft.events.includes(event)}
              onChange={({ target }) => setDraft(withEvent(draft, event, target.checked))}
            />
          ))}
        </div>
        {tried && draft.events.length === 0 && (
          <p id="webhook-events" role="alert" className="text-small text-danger">
            {t('webhook.eventNeeded')}
          </p>
        )}
      </fieldset>
      <div className="flex flex-col gap-2">
        <div>
          <Button size="sm" busy={test.busy} onClick={runTest}>
            {t('webhook.test')}
          </Button>
        </div>
        {test.result(['webhook.url', 'webhook.signing_secret'])}
      </div>
      {refused && !refused.saidBeside('webhook.title', 'webhook.url', 'webhook.signing_secret') && (
        <ErrorPanel error={refused} doing={webhook ? t('action.save') : t('webhook.create')} />
      )}
    </FormDialog>
  );
}
