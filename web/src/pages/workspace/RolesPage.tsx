import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { Loaded } from '@/components/Loaded';
import { Page } from '@/components/Page';
import { Table, Td, Th, Tr } from '@/ui/Table';

export default function RolesPage() {
  const { t } = useTranslation();
  const query = useRpc('RoleService/ListRoles', {});
  return (
    <Page title={t('nav.roles')} purpose={t('access.rolesPurpose')} width="text">
      <Loaded query={query} doing={t('nav.roles')}>
        {({ roles = [] }) => (
          <Table label={t('nav.roles')}>
            <thead>
              <tr>
                <Th>{t('access.role')}</Th>
                <Th>{t('access.description')}</Th>
                <Th numeric>{t('access.permissions')}</Th>
              </tr>
            </thead>
            <tbody>
              {roles.map((role) => (
                <Tr key={role.name}>
                  <Td className="min-w-48">
                    <span className="block font-medium">{role.title}</span>
                    <span className="block font-mono text-caption text-muted">
                      {role.name?.replace('roles/', '')}
                    </span>
                  </Td>
                  <Td className="text-muted">{role.description}</Td>
                  <Td numeric>
                    <details>
                      <summary className="cursor-pointer">{role.permissions?.length ?? 0}</summary>
                      <ul className="max-h-60 overflow-y-auto text-left font-mono text-caption text-muted">
                        {(role.permissions ?? []).map((permission) => (
                          <li key={permission}>{permission}</li>
                        ))}
                      </ul>
                    </details>
                  </Td>
                </Tr>
              ))}
            </tbody>
          </Table>
        )}
      </Loaded>
    </Page>
  );
}
