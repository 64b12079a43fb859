import { Ellipsis, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall, useRpc } from '@/api/query';
import type { Role } from '@/api/types';
import { ActionConfirm } from '@/components/ActionConfirm';
import { Loaded } from '@/components/Loaded';
import { type Column, DataTable } from '@/components/list/DataTable';
import { Page } from '@/components/Page';
import { allPermissions } from '@/features/roles/permissions';
import { RoleDialog } from '@/features/roles/RoleDialog';
import { useMay } from '@/lib/may';
import { paths } from '@/lib/paths';
import { Button, IconButton } from '@/ui/Button';
import { Menu, MenuItem } from '@/ui/Menu';
import { NameLink } from '@/ui/NameLink';

type Open = { role: Role | undefined; copy?: boolean };

/** What comes with the product, and roles of one's own made of the same permissions. */
export default function RolesPage() {
  const { t } = useTranslation();
  const [open, setOpen] = useState<Open | null>(null);
  const [removing, setRemoving] = useState<Role | null>(null);
  const mayCreate = useMay().everywhere('bb.roles.create');
  const query = useRpc('RoleService/ListRoles', {}, { topics: ['roles'] });
  const columns: Column<Role>[] = [
    {
      key: 'name',
      label: t('access.role'),
      className: 'min-w-48',
      cell: ({ title, name = '' }) => (
        <>
          <NameLink to={paths.role(name)} name={title || name} />
          <span className="block font-mono text-caption text-muted">{name.replace('roles/', '')}</span>
        </>
      ),
    },
    {
      key: 'description',
      label: t('access.description'),
      className: 'min-w-48 text-muted',
      cell: ({ description }) => description,
    },
    {
      key: 'type',
      label: t('role.type'),
      className: 'whitespace-nowrap text-muted',
      cell: ({ type }) => (type === 'CUSTOM' ? t('role.custom') : t('role.builtIn')),
    },
    {
      key: 'permissions',
      label: t('access.permissions'),
      numeric: true,
      cell: ({ permissions = [] }) => permissions.length,
    },
  ];
  const actions: Column<Role> = {
    key: 'actions',
    label: t('list.actions'),
    end: true,
    cell: (role) => (
      <Menu
        trigger={
          <IconButton size="sm" label={t('serviceAccount.actions', { name: role.title })}>
            <Ellipsis aria-hidden="true" />
          </IconButton>
        }
      >
        <MenuItem onSelect={() => setOpen({ role, copy: true })}>{t('role.copy')}</MenuItem>
        {role.type === 'CUSTOM' && (
          <>
            <MenuItem onSelect={() => setOpen({ role })}>{t('role.edit')}</MenuItem>
            <MenuItem danger onSelect={() => setRemoving(role)}>
              {t('role.remove')}
            </MenuItem>
          </>
        )}
      </Menu>
    ),
  };
  return (
    <Page
      title={t('nav.roles')}
      purpose={t('access.rolesPurpose')}
      width="text"
      actions={
        mayCreate && (
          <Button tone="primary" onClick={() => setOpen({ role: undefined })}>
            <Plus aria-hidden="true" />
            {t('role.new')}
          </Button>
        )
      }
    >
      <Loaded query={query} doing={t('nav.roles')}>
        {({ roles = [] }) => (
          <>
            <DataTable
              label={t('nav.roles')}
              items={roles}
              columns={mayCreate ? [...columns, actions] : columns}
              keyOf={({ name = '' }) => name}
            />
            {open && (
              <RoleDialog {...open} permissions={allPermissions(roles)} onClose={() => setOpen(null)} />
            )}
          </>
        )}
      </Loaded>
      {removing && <RemoveConfirm role={removing} onClose={() => setRemoving(null)} />}
    </Page>
  );
}

function RemoveConfirm({ role, onClose }: { role: Role; onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useCall('RoleService/DeleteRole', { touches: ['RoleService'] });
  return (
    <ActionConfirm
      title={t('role.removeTitle', { name: role.title })}
      doing={t('role.remove')}
      call={remove}
      onConfirm={() => remove.mutate({ name: role.name }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{t('role.removeText')}</p>
    </ActionConfirm>
  );
}
