import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/lib/may';
import { Notice, Skeleton } from '@/ui/States';
import { useAccess, type WorkspacePermission } from './access';

const WORKSPACE = 'workspaces/default';

interface WorkspaceNeedsProps {
  permission: WorkspacePermission;
  /** Said before what is missing. */
  title?: string;
  children?: ReactNode;
}

/** A part of a page for those who have a permission in the workspace; the others learn what they lack and who grants it. */
export function WorkspaceNeeds({ permission, title, children = null }: WorkspaceNeedsProps) {
  const { t } = useTranslation();
  const has = useMay().everywhere(permission);
  const { data, error } = useAccess(WORKSPACE, has ? undefined : permission);
  // Without an answer the server decides, call by call.
  if (has || error || data?.may(permission)) return children;
  if (!data) return <Skeleton rows={1} />;
  return (
    <Notice tone="info" role="note" title={title}>
      {t('error.permission', { permissions: permission, resources: WORKSPACE })}{' '}
      {data.grantors.length > 0
        ? t('error.ask', { people: data.grantors.map(({ name, email }) => `${name} (${email})`).join(', ') })
        : t('error.askAdmin')}
    </Notice>
  );
}
