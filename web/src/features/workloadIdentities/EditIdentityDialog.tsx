import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { WorkloadIdentity } from '@/api/types';
import { webLink } from '@/lib/url';
import { RadioCards } from '@/ui/Choice';
import { TextAreaField, TextField } from '@/ui/Field';
import { FormDialog } from '@/ui/FormDialog';
import { ErrorPanel, Notice } from '@/ui/States';
import { changesTokens, type Draft, draftOf, maskOf, PROVIDERS, subjectProblem, wireOf } from './proof';

const FIELDS = ['workload_identity.title', 'issuer_url', 'allowed_audiences', 'subject_pattern'] as const;

/** What an identity is called, and whose tokens are taken: all as it stands on the server, so that nothing is guessed back. */
export function EditIdentityDialog({
  identity,
  onClose,
}: {
  identity: WorkloadIdentity;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(() => draftOf(identity));
  const [tried, setTried] = useState(false);
  const update = useCall('WorkloadIdentityService/UpdateWorkloadIdentity', {
    touches: ['WorkloadIdentityService'],
  });
  const { error } = update;
  const change = (part: Partial<Draft>) => {
    update.reset();
    setDraft({ ...draft, ...part });
  };
  const wrong = subjectProblem(draft.subject);
  const isGood = draft.title.trim() !== '' && webLink(draft.issuer.trim()) !== undefined && !wrong;
  const submit = () => {
    setTried(true);
    if (!isGood) return;
    const mask = maskOf(draft, identity);
    if (!mask) return onClose();
    update.mutate({ workloadIdentity: wireOf(draft, identity), updateMask: mask }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      title={t('workloadIdentity.edit', { name: identity.title })}
      description={<span className="font-mono text-small [overflow-wrap:anywhere]">{identity.email}</span>}
      submit={t('action.save')}
      busy={update.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label={t('serviceAccount.name')}
        value={draft.title}
        onChange={(event) => change({ title: event.target.value })}
        error={
          error?.field('workload_identity.title') ??
          (tried && !draft.title.trim() ? t('serviceAccount.nameNeeded') : undefined)
        }
      />
      <RadioCards
        legend={t('gitops.platform')}
        value={draft.provider}
        onChange={(provider) => change({ provider })}
        options={PROVIDERS.map((value) => ({ value, label: t(`workloadIdentity.provider.${value}`) }))}
      />
      <TextField
        label={t('workloadIdentity.subject')}
        mono
        spellCheck={false}
        value={draft.subject}
        onChange={(event) => change({ subject: event.target.value })}
        hint={t('workloadIdentity.subjectHint')}
        error={error?.field('subject_pattern') ?? (wrong && t(`workloadIdentity.subjectWrong.${wrong}`))}
      />
      <TextField
        label={t('workloadIdentity.issuer')}
        type="url"
        mono
        value={draft.issuer}
        onChange={(event) => change({ issuer: event.target.value })}
        hint={t('workloadIdentity.issuerHint')}
        error={
          error?.field('issuer_url') ??
          (webLink(draft.issuer.trim()) ? undefined : t('settings.externalUrlWrong'))
        }
      />
      <TextAreaField
        label={t('workloadIdentity.audiences')}
        optional
        mono
        rows={2}
        spellCheck={false}
        value={draft.audiences}
        onChange={(event) => change({ audiences: event.target.value })}
        hint={t('workloadIdentity.audiencesHint')}
        error={error?.field('allowed_audiences')}
      />
      {changesTokens(draft, identity) && (
        <Notice tone="warning" role="status" title={t('workloadIdentity.endsOthers')} />
      )}
      {error && !error.saidBeside(...FIELDS) && <ErrorPanel error={error} doing={t('action.save')} />}
    </FormDialog>
  );
}
