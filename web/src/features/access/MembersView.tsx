import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall, useRpc } from '@/api/query';
import { Loaded } from '@/components/Loaded';
import { Page } from '@/components/Page';
import { Button } from '@/ui/Button';
import { MembersTable } from './MembersTable';

const SERVICE = { workspace: 'WorkspaceService', project: 'ProjectService' } as const;

interface Props {
  scope: keyof typeof SERVICE;
  resource: string;
  /** The project's title. */
  context?: string;
}

/** The page of members, of the workspace or of a project. */
export function MembersView({ scope, resource, context }: Props) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const query = useRpc(`${SERVICE[scope]}/GetIamPolicy`, { resource });
  const save = useCall(`${SERVICE[scope]}/SetIamPolicy`, { touches: [SERVICE[scope]] });
  return (
    <Page
      title={t('nav.members')}
      context={context}
      purpose={t(`access.${scope}Purpose`)}
      width="text"
      actions={
        <Button tone="primary" onClick={() => setAdding(true)}>
          <Plus aria-hidden="true" />
          {t('access.add')}
        </Button>
      }
    >
      <Loaded query={query} doing={t('nav.members')}>
        {(policy) => (
          <MembersTable
            policy={policy}
            scope={scope}
            adding={adding}
            onAdding={setAdding}
            saving={save.isPending}
            error={save.error}
            onSave={(next) => save.mutateAsync({ resource, policy: next, etag: policy.etag })}
          />
        )}
      </Loaded>
    </Page>
  );
}
