import { useTranslation } from 'react-i18next';
import type { Instance } from '@/api/types';
import { EmptyState } from '@/ui/States';
import { Table, Td, Th, Tr } from '@/ui/Table';

/** The server's own roles, as the last sync saw them. */
export function InstanceRoles({ instance }: { instance: Instance }) {
  const { t } = useTranslation();
  const roles = instance.roles ?? [];
  if (roles.length === 0)
    return <EmptyState title={t('instance.noRoles')}>{t('instance.noRolesText')}</EmptyState>;
  return (
    <Table label={t('instance.roles')}>
      <thead>
        <tr>
          <Th>{t('instance.role')}</Th>
          <Th>{t('instance.roleAttributes')}</Th>
        </tr>
      </thead>
      <tbody>
        {roles.map((role) => (
          <Tr key={role.name}>
            <Td className="font-mono">{role.roleName}</Td>
            <Td className="text-muted">{role.attribute}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
