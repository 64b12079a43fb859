import { Bot } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { ServiceAccount } from '@/api/types';
import { PAGE_SIZE } from '@/components/ListTools';
import { ProgramList, useProgramColumns, useProgramList } from '@/features/programs/ProgramList';
import { AccountActions } from './AccountActions';
import { KeyDialog } from './KeyDialog';
import { NewAccountDialog } from './NewAccountDialog';

interface Props {
  /** Where the accounts belong: a project or the workspace. */
  parent: string;
  /** The project's title. */
  context?: string;
  mayCreate: boolean;
}

/** Accounts of programs. A key is in no list: it shows once, when it is made. */
export function ServiceAccountList({ parent, context, mayCreate }: Props) {
  const { t } = useTranslation();
  const [fresh, setFresh] = useState<ServiceAccount | null>(null);
  const list = useProgramList('serviceAccounts');
  const query = useRpc(
    'ServiceAccountService/ListServiceAccounts',
    {
      parent,
      pageSize: PAGE_SIZE,
      pageToken: list.pageToken,
      filter: list.condition,
      showDeleted: true,
    },
    {
      topics: ['serviceAccounts'],
      keep: true,
      select: ({ serviceAccounts = [], nextPageToken }) => ({ items: serviceAccounts, nextPageToken }),
    },
  );
  const columns = useProgramColumns<ServiceAccount>({
    actions: (account) => <AccountActions account={account} onKey={setFresh} />,
  });
  return (
    <>
      <ProgramList
        list={list}
        query={query}
        columns={columns}
        words={{
          title: t('nav.serviceAccounts'),
          purpose: t('serviceAccount.purpose'),
          search: t('serviceAccount.search'),
          add: t('serviceAccount.new'),
          empty: t('serviceAccount.empty'),
          emptyText: t('serviceAccount.emptyText'),
        }}
        icon={<Bot aria-hidden="true" />}
        context={context}
        mayCreate={mayCreate}
        dialog={(onClose) => (
          <NewAccountDialog
            parent={parent}
            onClose={onClose}
            onMade={(account) => {
              onClose();
              setFresh(account);
            }}
          />
        )}
      />
      {fresh && <KeyDialog account={fresh} onClose={() => setFresh(null)} />}
    </>
  );
}
