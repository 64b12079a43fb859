import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServiceAccount } from '@/api/types';
import { KeyDialog } from '@/features/serviceAccounts/KeyDialog';
import { NewAccountDialog } from '@/features/serviceAccounts/NewAccountDialog';
import { NewIdentityDialog } from '@/features/workloadIdentities/NewIdentityDialog';
import { Button } from '@/ui/Button';
import { RadioCards } from '@/ui/Choice';
import { TextField } from '@/ui/Field';
import { Select } from '@/ui/Select';
import type { GitOps } from './useGitOps';
import { hasIdentity, SIGN_INS } from './workflow';

/**
 * Who the pipeline is: by a key, which shows once, when the account is made (the workflow only names where it is kept), or
 * by what the platform proves.
 */
export function AccountField({ project, gitops }: { project: string; gitops: GitOps }) {
  const { t } = useTranslation();
  const { answers, programs, set } = gitops;
  const { platform, signIn } = answers;
  const [making, setMaking] = useState(false);
  const [fresh, setFresh] = useState<ServiceAccount | null>(null);
  const choose = (account = '') => set(signIn === 'key' ? { account } : { identity: account });
  const isListed = programs?.some(({ email }) => email === answers.account);
  const close = () => setMaking(false);
  return (
    <div className="flex flex-col gap-3">
      {hasIdentity(platform) && (
        <RadioCards
          legend={t('gitops.signIn')}
          hideLegend
          value={signIn}
          onChange={(next) => set({ signIn: next })}
          options={SIGN_INS.map((value) => ({
            value,
            label: t(`gitops.signIns.${value}`),
            description: t(`gitops.signInText.${value}`),
          }))}
        />
      )}
      {!hasIdentity(platform) && (
        <p className="text-muted">
          {t('gitops.signInText.key')} {t('gitops.keyOnly')}
        </p>
      )}
      <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
        {programs === undefined ? (
          <TextField
            label={t(`gitops.account.${signIn}`)}
            type="email"
            mono
            className="min-w-0 flex-1 basis-64"
            value={answers.account}
            onChange={(event) => choose(event.target.value.trim())}
          />
        ) : programs.length === 0 ? (
          <p className="flex min-h-8 items-center text-muted">{t(`gitops.noneOf.${signIn}`)}</p>
        ) : (
          <Select
            label={t(`gitops.account.${signIn}`)}
            className="min-w-0 flex-1 basis-64"
            value={isListed ? answers.account : ''}
            onChange={choose}
            placeholder={t('gitops.chooseAccount')}
            options={programs.map(({ email = '', title = '' }) => ({
              value: email,
              label: title ? `${title} (${email})` : email,
            }))}
          />
        )}
        {gitops.mayCreate && (
          <Button onClick={() => setMaking(true)}>
            <Plus aria-hidden="true" />
            {t(signIn === 'key' ? 'serviceAccount.new' : 'workloadIdentity.new')}
          </Button>
        )}
      </div>
      {making && signIn === 'key' && (
        <NewAccountDialog
          parent={project}
          onClose={close}
          onMade={(account) => {
            close();
            setFresh(account);
            choose(account.email);
          }}
        />
      )}
      {making && signIn === 'identity' && (
        <NewIdentityDialog
          parent={project}
          provider={platform === 'gitlab' ? 'GITLAB' : 'GITHUB'}
          onClose={close}
          onMade={(identity) => {
            close();
            choose(identity.email);
          }}
        />
      )}
      {fresh && <KeyDialog account={fresh} onClose={() => setFresh(null)} />}
    </div>
  );
}
