import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall, useRpc } from '@/api/query';
import type { WorkloadIdentity } from '@/api/types';
import { isTaken, NewProgramFields, useNewProgram } from '@/features/programs/NewProgramFields';
import { PROFILE } from '@/features/settings/useProfile';
import { webLink } from '@/lib/url';
import { RadioCards } from '@/ui/Choice';
import { TextField } from '@/ui/Field';
import { FormDialog } from '@/ui/FormDialog';
import { ErrorPanel } from '@/ui/States';
import { EXAMPLES, ISSUERS, isBranch, isRepository, PROVIDERS, type Provider, subjectOf } from './proof';

interface Props {
  parent: string;
  /** What is chosen at first. */
  provider?: Provider | undefined;
  onClose: () => void;
  onMade: (identity: WorkloadIdentity) => void;
}

const DOMAIN = 'workload.bytebase.com';

/** Who may sign in by the token that a platform gives its jobs: nothing secret is kept anywhere. */
export function NewIdentityDialog({ parent, provider: first = 'GITHUB', onClose, onMade }: Props) {
  const { t } = useTranslation();
  const program = useNewProgram();
  const [provider, setProvider] = useState<Provider>(first);
  const [ownIssuer, setOwnIssuer] = useState<string | null>(null);
  const [repository, setRepository] = useState('');
  const [branch, setBranch] = useState('');
  const info = useRpc('ActuatorService/GetActuatorInfo', {}, { topics: [PROFILE] });
  const create = useCall('WorkloadIdentityService/CreateWorkloadIdentity', {
    touches: ['WorkloadIdentityService'],
  });
  const issuer = ownIssuer ?? ISSUERS[provider];
  const audience = (info.data?.externalUrl || window.location.origin).replace(/\/+$/, '');
  const isGood =
    program.isGood && webLink(issuer) !== undefined && isRepository(provider, repository) && isBranch(branch);
  const submit = () => {
    program.try();
    if (!isGood) return;
    create.mutate(
      {
        parent,
        workloadIdentityId: program.id,
        workloadIdentity: {
          title: program.title,
          workloadIdentityConfig: {
            providerType: provider,
            issuerUrl: issuer,
            allowedAudiences: [audience],
            subjectPattern: subjectOf(provider, repository, branch),
          },
        },
      },
      { onSuccess: onMade },
    );
  };
  return (
    <FormDialog
      title={t('workloadIdentity.new')}
      submit={t('workloadIdentity.create')}
      busy={create.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <NewProgramFields parent={parent} domain={DOMAIN} program={program.fields} create={create} />
      <RadioCards
        legend={t('gitops.platform')}
        value={provider}
        onChange={(next) => {
          setProvider(next);
          setOwnIssuer(null);
        }}
        options={PROVIDERS.map((value) => ({ value, label: t(`workloadIdentity.provider.${value}`) }))}
      />
      <TextField
        label={t('workloadIdentity.repository')}
        mono
        spellCheck={false}
        placeholder={EXAMPLES[provider]}
        value={repository}
        onChange={(event) => setRepository(event.target.value.trim())}
        error={
          program.tried && !isRepository(provider, repository)
            ? t('workloadIdentity.repositoryWrong')
            : undefined
        }
      />
      <TextField
        label={t('workloadIdentity.branch')}
        optional
        mono
        spellCheck={false}
        value={branch}
        onChange={(event) => setBranch(event.target.value.trim())}
        hint={t('workloadIdentity.branchHint')}
        error={isBranch(branch) ? undefined : t('gitops.wrong.branch')}
      />
      <TextField
        label={t('workloadIdentity.issuer')}
        type="url"
        mono
        value={issuer}
        onChange={(event) => setOwnIssuer(event.target.value.trim())}
        hint={t('workloadIdentity.issuerHint')}
        error={
          create.error?.field('issuer_url') ?? (webLink(issuer) ? undefined : t('settings.externalUrlWrong'))
        }
      />
      {create.error && !isTaken(create.error) && !create.error.saidBeside('issuer_url') && (
        <ErrorPanel error={create.error} doing={t('workloadIdentity.create')} />
      )}
    </FormDialog>
  );
}
