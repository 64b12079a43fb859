import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall, useRpc } from '@/api/query';
import type { Plan } from '@/api/types';
import { environmentTitle, isProduction, useEnvironments } from '@/features/environments/environments';
import type { RolloutData } from '@/features/rollout/useRollout';
import { emailOf } from '@/lib/names';
import { useMe } from '@/lib/session';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { Confirm } from '@/ui/Dialog';
import { TextAreaField, TextField } from '@/ui/Field';
import { Select } from '@/ui/Select';
import { ErrorPanel, Notice } from '@/ui/States';
import { type Ask, missingIn, passedOver, peopleIn, stagesToRun } from './emergency';

interface Props {
  plan: Plan;
  rollout: RolloutData;
  onClose: () => void;
}

const NONE = '-';

/** Runs a stage past its approval: who does it says why, where the incident is, and who looks at it afterwards. */
export default function EmergencyDialog({ plan, rollout, onClose }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const environments = useEnvironments().data ?? [];
  const stages = stagesToRun(
    rollout.stages,
    environments.map(({ id = '' }) => id),
    plan,
  );
  const [edit, setEdit] = useState<Partial<Ask>>({});
  const [tried, setTried] = useState(false);
  const stage = edit.stage ?? (stages.length === 1 ? (stages[0] ?? '') : '');
  const environment = environments.find(({ id }) => id === stage);
  const parent = `${plan.name}/rollout/stages/${stage}`;
  const contacts = useRpc('EmergencyService/GetEmergencyContacts', { parent }, { enabled: stage !== '' });
  const run = useCall('EmergencyService/RunEmergency', {
    touches: ['EmergencyService', 'RolloutService', 'PlanService', 'IssueService'],
  });
  const usual = (contacts.data?.contacts ?? []).map(emailOf).join(', ');
  const ask: Ask = {
    stage,
    reason: edit.reason ?? '',
    incident: edit.incident ?? '',
    people: edit.people ?? usual,
    understood: edit.understood ?? false,
  };
  const production = isProduction(environment);
  const missing = missingIn(ask, me?.email ?? '', production);
  const says = (what: (typeof missing)[number]) =>
    tried && missing.includes(what) ? t(`emergency.missing.${what}`) : undefined;
  const change = (part: Partial<Ask>) => setEdit({ ...edit, ...part });
  const passed = passedOver(rollout.stages, stage);
  const titleOf = (id: string) =>
    id === NONE
      ? t('emergency.noEnvironment')
      : environmentTitle(
          environments.find((e) => e.id === id),
          id,
        );
  // Others may be told of another stage.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the stage is another
  useEffect(() => setEdit((old) => ({ ...old, people: undefined })), [stage]);
  const submit = () => {
    setTried(true);
    if (missing.length > 0) return;
    run.mutate(
      {
        parent,
        reason: ask.reason.trim(),
        incidentUrl: ask.incident.trim(),
        notify: peopleIn(ask.people).map((email) => `users/${email}`),
      },
      { onSuccess: onClose },
    );
  };
  return (
    <Confirm
      open
      onOpenChange={onClose}
      loud
      width="md"
      title={t('emergency.title')}
      footer={
        <Button tone="danger" busy={run.isPending} onClick={submit}>
          {t('emergency.runNow')}
        </Button>
      }
    >
      <p>{t('emergency.text')}</p>
      <Select
        label={t('emergency.stage')}
        value={stage}
        onChange={(next) => change({ stage: next })}
        placeholder={t('emergency.chooseStage')}
        options={stages.map((id) => ({ value: id, label: titleOf(id) }))}
        error={says('stage')}
      />
      {passed.length > 0 && (
        <Notice tone="warning" title={t('emergency.passes')}>
          <ul className="list-disc pl-4">
            {passed.map((message) => (
              <li key={message} className="first-letter:uppercase">
                {message}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <TextAreaField
        label={t('emergency.reason')}
        value={ask.reason}
        maxLength={1000}
        onChange={(event) => change({ reason: event.target.value })}
        error={run.error?.field('reason') ?? says('reason')}
      />
      <TextField
        label={t('emergency.incident')}
        type="url"
        value={ask.incident}
        maxLength={2000}
        onChange={(event) => change({ incident: event.target.value })}
        error={run.error?.field('incident_url') ?? says('incident')}
      />
      <TextField
        label={t('emergency.people')}
        value={ask.people}
        onChange={(event) => change({ people: event.target.value })}
        hint={t('emergency.peopleHint')}
        error={run.error?.field('notify') ?? says('people')}
      />
      {production && (
        <div>
          <Checkbox
            label={t('rollout.understand')}
            checked={ask.understood}
            onChange={(event) => change({ understood: event.target.checked })}
          />
          {says('understood') && (
            <p role="alert" className="mt-1 text-small text-danger">
              {says('understood')}
            </p>
          )}
        </div>
      )}
      {run.error && !run.error.saidBeside('reason', 'incident_url', 'notify') && (
        <ErrorPanel error={run.error} doing={t('emergency.runNow')} />
      )}
    </Confirm>
  );
}
