import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { Role } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { Page, Section } from '@/components/Page';
import { PermissionList } from '@/features/roles/PermissionList';
import { RoleUse } from '@/features/roles/RoleUse';
import { useMay } from '@/lib/may';
import { TextField } from '@/ui/Field';

/** What one role may do, and who has it. */
export default function RolePage() {
  const { t } = useTranslation();
  const params = useParams({ strict: false }) as { role?: string };
  const name = `roles/${params.role}`;
  const query = useRpc('RoleService/GetRole', { name }, { topics: [name] });
  return (
    <Page
      title={query.data?.title || (params.role ?? '')}
      context={t('nav.roles')}
      purpose={
        query.data &&
        [query.data.type === 'CUSTOM' ? t('role.custom') : t('role.builtIn'), query.data.description]
          .filter(Boolean)
          .join(' · ')
      }
      width="text"
    >
      <Loaded query={query} doing={t('nav.roles')}>
        {(role) => <RoleView role={role} />}
      </Loaded>
    </Page>
  );
}

function RoleView({ role }: { role: Role }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const maySeeUse = useMay().everywhere('bb.workspaces.getIamPolicy');
  const { permissions = [] } = role;
  return (
    <>
      {maySeeUse && (
        <Section title={t('role.use')}>
          <RoleUse role={role.name ?? ''} />
        </Section>
      )}
      <Section title={t('role.permissions', { count: permissions.length })}>
        <TextField
          className="sm:max-w-80"
          type="search"
          label={t('role.filterPlaceholder')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <PermissionList permissions={permissions} text={text} />
      </Section>
    </>
  );
}
