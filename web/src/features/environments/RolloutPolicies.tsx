import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall, useRpc } from '@/api/query';
import type { RolloutPolicy } from '@/api/types';
import { DirtyBar } from '@/components/DirtyBar';
import { Loaded } from '@/components/Loaded';
import { Section } from '@/components/Page';
import { WorkspaceNeeds } from '@/features/access/WorkspaceNeeds';
import { areContacts, ContactsField } from '@/features/emergency/ContactsField';
import { useRoles } from '@/features/roles/useRoles';
import { useMay } from '@/lib/may';
import { emailOf } from '@/lib/names';
import { Checkbox } from '@/ui/Choice';
import { Form } from '@/ui/Form';
import { ErrorPanel } from '@/ui/States';
import { toast } from '@/ui/toast';
import { EnvironmentBadge } from './EnvironmentBadge';
import { environmentTitle, useEnvironments } from './environments';

/** How changes reach each environment: by themselves or not, run by whom, and who hears of emergencies. */
export function RolloutPolicies() {
  const { t } = useTranslation();
  const { data: environments = [] } = useEnvironments();
  return (
    <Section title={t('environment.rollout.title')}>
      <p className="text-muted">{t('environment.rollout.text')}</p>
      <WorkspaceNeeds permission="bb.policies.list">
        <ul aria-label={t('environment.rollout.title')} className="flex flex-col gap-2">
          {environments.map((environment) => (
            <OfEnvironment
              key={environment.id}
              name={`environments/${environment.id}`}
              title={environmentTitle(environment) ?? ''}
            />
          ))}
        </ul>
      </WorkspaceNeeds>
    </Section>
  );
}

const NONE: RolloutPolicy = {};

interface OneProps {
  /** `environments/{id}` */
  name: string;
  title: string;
}

function OfEnvironment({ name, title }: OneProps) {
  const query = useRpc(
    'OrgPolicyService/ListPolicies',
    { parent: name, policyType: 'ROLLOUT_POLICY' },
    // One that is not enforced counts as none.
    {
      topics: [name],
      select: ({ policies = [] }) => policies.find(({ enforce }) => enforce)?.rolloutPolicy ?? NONE,
    },
  );
  return (
    <li className="rounded-card border border-line bg-raised px-3 py-2.5">
      <Loaded query={query} doing={title} skeletonRows={1}>
        {(saved) => <Editor name={name} title={title} saved={saved} />}
      </Loaded>
    </li>
  );
}

function Editor({ name, title, saved }: OneProps & { saved: RolloutPolicy }) {
  const { t } = useTranslation();
  const readOnly = !useMay().everywhere('bb.policies.update');
  const { roles, titleOf } = useRoles();
  const [edit, setEdit] = useState<Partial<RolloutPolicy>>({});
  /** A discarded text begins anew. */
  const [round, setRound] = useState(0);
  const update = useCall('OrgPolicyService/UpdatePolicy', {
    touches: ['OrgPolicyService', 'EmergencyService'],
  });
  const value = { ...saved, ...edit };
  const chosen = value.roles ?? [];
  const contacts = value.emergencyContacts ?? [];
  const dirty = Object.keys(edit).length > 0;
  const set = (patch: Partial<RolloutPolicy>) => setEdit((old) => ({ ...old, ...patch }));
  const discard = () => {
    setEdit({});
    setRound(round + 1);
    update.reset();
  };
  const save = () => {
    if (!dirty || !areContacts(contacts)) return;
    const policy = {
      name: `${name}/policies/rollout_policy`,
      type: 'ROLLOUT_POLICY',
      enforce: true,
    } as const;
    update.mutate(
      {
        policy: { ...policy, rolloutPolicy: value },
        updateMask: 'rolloutPolicy,enforce',
        allowMissing: true,
      },
      {
        onSuccess: () => {
          discard();
          toast({ text: t('state.saved') });
        },
      },
    );
  };
  const parts = [
    value.automatic ? t('environment.rollout.bySelf') : t('environment.rollout.byHand'),
    ...chosen.map(titleOf),
    ...(contacts.length > 0
      ? [t('environment.rollout.tells', { people: contacts.map(emailOf).join(', ') })]
      : []),
  ];
  return (
    <details>
      <summary className="cursor-pointer text-small text-muted">
        <EnvironmentBadge name={name} /> · {parts.join(' · ')}
      </summary>
      <Form onSubmit={save}>
        <fieldset disabled={readOnly} className="mt-3 flex min-w-0 flex-col gap-4">
          <legend className="sr-only">{title}</legend>
          <Checkbox
            label={t('environment.rollout.automatic')}
            description={t('environment.rollout.automaticText')}
            checked={value.automatic ?? false}
            onChange={(event) => set({ automatic: event.target.checked })}
          />
          <fieldset className="min-w-0">
            <legend className="mb-1.5 text-small font-medium">{t('environment.rollout.roles')}</legend>
            <div className="grid gap-x-4 gap-y-1 sm:grid-cols-2">
              {roles.map(({ name: role = '' }) => (
                <Checkbox
                  key={role}
                  label={titleOf(role)}
                  checked={chosen.includes(role)}
                  onChange={(event) =>
                    set({
                      roles: event.target.checked ? [...chosen, role] : chosen.filter((one) => one !== role),
                    })
                  }
                />
              ))}
            </div>
          </fieldset>
          <ContactsField
            key={round}
            value={contacts}
            readOnly={readOnly}
            onChange={(emergencyContacts) => set({ emergencyContacts })}
            label={t('environment.rollout.contacts')}
            hint={t('environment.rollout.contactsHint')}
            error={update.error}
          />
        </fieldset>
        {update.error && <ErrorPanel error={update.error} doing={t('action.save')} />}
        {dirty && <DirtyBar title={title} busy={update.isPending} onDiscard={discard} />}
      </Form>
    </details>
  );
}
