import { Fingerprint } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { WorkloadIdentity } from '@/api/types';
import { PAGE_SIZE } from '@/components/ListTools';
import { ProgramList, useProgramColumns, useProgramList } from '@/features/programs/ProgramList';
import { IdentityActions } from './IdentityActions';
import { NewIdentityDialog } from './NewIdentityDialog';

interface Props {
  /** Where they belong: a project or the workspace. */
  parent: string;
  /** The project's title. */
  context?: string;
  mayCreate: boolean;
}

/** What the jobs of a platform sign in as, by tokens that the platform gives them. */
export function WorkloadIdentityList({ parent, context, mayCreate }: Props) {
  const { t } = useTranslation();
  const list = useProgramList('workloadIdentities');
  const query = useRpc(
    'WorkloadIdentityService/ListWorkloadIdentities',
    {
      parent,
      pageSize: PAGE_SIZE,
      pageToken: list.pageToken,
      filter: list.condition,
      showDeleted: true,
    },
    {
      topics: ['workloadIdentities'],
      keep: true,
      select: ({ workloadIdentities = [], nextPageToken }) => ({ items: workloadIdentities, nextPageToken }),
    },
  );
  const columns = useProgramColumns<WorkloadIdentity>({
    more: [
      {
        key: 'subject',
        label: t('workloadIdentity.subject'),
        wide: true,
        className: 'max-w-80 truncate font-mono text-caption text-muted',
        cell: ({ workloadIdentityConfig: config }) => config?.subjectPattern,
      },
    ],
    actions: (identity) => <IdentityActions identity={identity} />,
  });
  return (
    <ProgramList
      list={list}
      query={query}
      columns={columns}
      words={{
        title: t('nav.workloadIdentities'),
        purpose: t('workloadIdentity.purpose'),
        search: t('workloadIdentity.search'),
        add: t('workloadIdentity.new'),
        empty: t('workloadIdentity.empty'),
        emptyText: t('workloadIdentity.emptyText'),
      }}
      icon={<Fingerprint aria-hidden="true" />}
      context={context}
      mayCreate={mayCreate}
      dialog={(onClose) => <NewIdentityDialog parent={parent} onClose={onClose} onMade={onClose} />}
    />
  );
}
