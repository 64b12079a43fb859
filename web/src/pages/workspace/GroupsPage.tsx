import { Pencil, Plus, Trash2, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Group } from '@/api/types';
import { NoMatch, PAGE_SIZE, Pager } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { type Column, DataTable, nameColumn } from '@/components/list/DataTable';
import { ListBar } from '@/components/list/ListBar';
import { useList } from '@/components/list/useList';
import { Page } from '@/components/Page';
import { PersonName } from '@/components/PersonName';
import { GroupDeletion } from '@/features/groups/GroupDeletion';
import { GroupDialog } from '@/features/groups/GroupDialog';
import { useSearchState } from '@/hooks/useSearch';
import { contains } from '@/lib/filter';
import { useMay } from '@/lib/may';
import { useMe } from '@/lib/session';
import { Button, IconButton } from '@/ui/Button';
import { EmptyState } from '@/ui/States';

/** People who get a role together. */
export default function GroupsPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchState();
  const [editing, setEditing] = useState<Group | null>(null);
  const [deleting, setDeleting] = useState<Group | null>(null);
  const list = useList({
    id: 'groups',
    words: (text) => contains(text.includes('@') ? 'email' : 'title', text),
  });
  const query = useRpc(
    'GroupService/ListGroups',
    { pageSize: PAGE_SIZE, pageToken: list.pageToken, filter: list.condition },
    { topics: ['groups'], keep: true },
  );
  const columns = useColumns(setEditing, setDeleting);
  const empty = query.data !== undefined && !query.data.groups?.length && !list.asked;
  const add = useMay().everywhere('bb.groups.create') && (
    <Button tone="primary" onClick={() => setSearch({ dialog: 'new' })}>
      <Plus aria-hidden="true" />
      {t('group.new')}
    </Button>
  );
  return (
    <Page title={t('nav.groups')} purpose={t('group.purpose')} actions={query.data && !empty && add}>
      {!empty && <ListBar list={list} label={t('group.search')} columns={columns} />}
      <Loaded query={query} doing={t('nav.groups')}>
        {({ groups = [], nextPageToken }) =>
          groups.length > 0 ? (
            <>
              <DataTable
                label={t('nav.groups')}
                list={list}
                items={groups}
                columns={columns}
                keyOf={({ name = '' }) => name}
              />
              <Pager nextPageToken={nextPageToken} />
            </>
          ) : empty ? (
            <EmptyState icon={<UsersRound aria-hidden="true" />} title={t('group.none')} action={add}>
              {t('group.noneText')}
            </EmptyState>
          ) : (
            <NoMatch />
          )
        }
      </Loaded>
      {search.dialog === 'new' && <GroupDialog onClose={() => setSearch({ dialog: undefined })} />}
      {editing && <GroupDialog group={editing} onClose={() => setEditing(null)} />}
      {deleting && <GroupDeletion group={deleting} onClose={() => setDeleting(null)} />}
    </Page>
  );
}

function useColumns(onEdit: (group: Group) => void, onDelete: (group: Group) => void): Column<Group>[] {
  const { t } = useTranslation();
  const me = useMe();
  const may = useMay();
  const owns = ({ members = [] }: Group) =>
    members.some(({ member, role }) => member === me?.name && role === 'OWNER');
  return [
    {
      key: 'title',
      label: t('group.title'),
      className: nameColumn,
      cell: ({ title, description }) => (
        <>
          <span className="block truncate font-medium">{title}</span>
          {description && (
            <span data-more="" className="block truncate text-caption text-muted">
              {description}
            </span>
          )}
        </>
      ),
    },
    {
      key: 'email',
      label: t('group.email'),
      className: 'max-w-72 truncate text-muted',
      cell: ({ email }) => email,
    },
    {
      key: 'owners',
      label: t('group.owners'),
      cell: ({ members = [] }) => (
        <span className="flex flex-wrap gap-x-2">
          {members
            .filter(({ role }) => role === 'OWNER')
            .map(({ member }) => (
              <PersonName key={member} name={member} />
            ))}
        </span>
      ),
    },
    {
      key: 'people',
      label: t('group.people'),
      numeric: true,
      cell: ({ members = [] }) => members.length,
    },
    {
      key: 'actions',
      label: t('list.actions'),
      end: true,
      className: 'whitespace-nowrap',
      cell: (group) => (
        <>
          {(owns(group) || may.everywhere('bb.groups.update')) && (
            <IconButton
              size="sm"
              label={t('group.edit', { name: group.title })}
              onClick={() => onEdit(group)}
            >
              <Pencil aria-hidden="true" />
            </IconButton>
          )}
          {(owns(group) || may.everywhere('bb.groups.delete')) && (
            <IconButton
              size="sm"
              label={t('group.deleteTitle', { name: group.title })}
              onClick={() => onDelete(group)}
            >
              <Trash2 aria-hidden="true" />
            </IconButton>
          )}
        </>
      ),
    },
  ];
}
