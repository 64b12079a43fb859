import type { UseQueryResult } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import type { State } from '@/api/types';
import { AccountState } from '@/components/AccountState';
import { NoMatch, Pager } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { type Column, DataTable, nameColumn } from '@/components/list/DataTable';
import { useStateField } from '@/components/list/fields';
import { ListBar } from '@/components/list/ListBar';
import { type List, useList } from '@/components/list/useList';
import { Page } from '@/components/Page';
import { useSearchState } from '@/hooks/useSearch';
import { contains } from '@/lib/filter';
import { Button } from '@/ui/Button';
import { RelativeTime } from '@/ui/RelativeTime';
import { EmptyState } from '@/ui/States';

/** Something that signs in and is nobody. */
export interface Program {
  name?: string | undefined;
  email?: string | undefined;
  title?: string | undefined;
  state?: State | undefined;
  createTime?: string | undefined;
}

interface Answer<T> {
  items: readonly T[];
  nextPageToken: string | undefined;
}

interface Props<T> {
  list: List;
  query: UseQueryResult<Answer<T>, ApiError>;
  columns: readonly Column<T>[];
  words: { title: string; purpose: string; search: string; add: string; empty: string; emptyText: string };
  icon: ReactNode;
  /** The project's title. */
  context?: string | undefined;
  mayCreate: boolean;
  /** Makes a new one. */
  dialog: (onClose: () => void) => ReactNode;
}

/** Found by name or address, and by state. */
export const useProgramList = (id: string): List =>
  useList({
    id,
    fields: [useStateField()],
    words: (text) => contains(text.includes('@') ? 'email' : 'name', text),
  });

/** The page of what programs sign in as: one table, and what makes a new one. */
export function ProgramList<T extends Program>(props: Props<T>) {
  const { list, query, columns, words, icon, context, mayCreate, dialog } = props;
  const [search, setSearch] = useSearchState();
  const empty = query.data !== undefined && query.data.items.length === 0 && !list.asked;
  const add = mayCreate && (
    <Button tone="primary" onClick={() => setSearch({ dialog: 'new' })}>
      <Plus aria-hidden="true" />
      {words.add}
    </Button>
  );
  return (
    <Page title={words.title} context={context} purpose={words.purpose} actions={query.data && !empty && add}>
      {!empty && <ListBar list={list} label={words.search} columns={columns} />}
      <Loaded query={query} doing={words.title}>
        {({ items, nextPageToken }) =>
          items.length > 0 ? (
            <>
              <DataTable
                label={words.title}
                list={list}
                items={items}
                columns={columns}
                keyOf={({ name = '' }) => name}
              />
              <Pager nextPageToken={nextPageToken} />
            </>
          ) : empty ? (
            <EmptyState icon={icon} title={words.empty} action={add}>
              {words.emptyText}
            </EmptyState>
          ) : (
            <NoMatch />
          )
        }
      </Loaded>
      {search.dialog === 'new' && mayCreate && dialog(() => setSearch({ dialog: undefined }))}
    </Page>
  );
}

interface ColumnsOf<T> {
  /** Between the address and the state. */
  more?: readonly Column<T>[];
  actions: (item: T) => ReactNode;
}

export function useProgramColumns<T extends Program>({ more = [], actions }: ColumnsOf<T>): Column<T>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'name',
      label: t('serviceAccount.name'),
      className: nameColumn,
      cell: ({ title }) => <span className="block truncate font-medium">{title}</span>,
    },
    {
      key: 'email',
      label: t('serviceAccount.address'),
      className: 'max-w-96 truncate font-mono text-caption text-muted',
      cell: ({ email }) => email,
    },
    ...more,
    {
      key: 'state',
      label: t('user.state'),
      cell: ({ state }) => <AccountState state={state} />,
    },
    {
      key: 'created',
      label: t('list.created'),
      className: 'text-muted',
      cell: ({ createTime }) => <RelativeTime value={createTime} />,
    },
    { key: 'actions', label: t('list.actions'), end: true, cell: actions },
  ];
}
