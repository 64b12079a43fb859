import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServiceAccount } from '@/api/types';
import { KeyDialog } from '@/features/serviceAccounts/KeyDialog';
import { NewAccountDialog } from '@/features/serviceAccounts/NewAccountDialog';
import { Button } from '@/ui/Button';
import { TextField } from '@/ui/Field';
import { Select } from '@/ui/Select';
import type { GitOps } from './useGitOps';

/** Who the pipeline is. A key shows once, when the account is made: the workflow only names where it is kept. */
export function AccountField({ project, gitops }: { project: string; gitops: GitOps }) {
  const { t } = useTranslation();
  const { answers, accounts, set } = gitops;
  const [making, setMaking] = useState(false);
  const [fresh, setFresh] = useState<ServiceAccount | null>(null);
  const isListed = accounts.some(({ email }) => email === answers.account);
  return (
    <div className="flex flex-col gap-3">
      <p className="text-muted">{t('gitops.signInText')}</p>
      <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
        {accounts.length > 0 ? (
          <Select
            label={t('gitops.account')}
            className="min-w-0 flex-1 basis-64"
            value={isListed ? answers.account : ''}
            onChange={(account) => set({ account })}
            placeholder={t('gitops.chooseAccount')}
            options={accounts.map(({ email = '', title = '' }) => ({
              value: email,
              label: title ? `${title} (${email})` : email,
            }))}
          />
        ) : gitops.accountsKnown ? (
          <p className="flex min-h-8 items-center text-muted">{t('serviceAccount.empty')}</p>
        ) : (
          <TextField
            label={t('gitops.account')}
            type="email"
            mono
            className="min-w-0 flex-1 basis-64"
            value={answers.account}
            onChange={(event) => set({ account: event.target.value.trim() })}
          />
        )}
        {gitops.mayCreateAccount && (
          <Button onClick={() => setMaking(true)}>
            <Plus aria-hidden="true" />
            {t('serviceAccount.new')}
          </Button>
        )}
      </div>
      {making && (
        <NewAccountDialog
          parent={project}
          onClose={() => setMaking(false)}
          onMade={(account) => {
            setMaking(false);
            setFresh(account);
            set({ account: account.email });
          }}
        />
      )}
      {fresh && <KeyDialog account={fresh} onClose={() => setFresh(null)} />}
    </div>
  );
}
