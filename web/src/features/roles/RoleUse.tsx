import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '@/components/Loaded';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { Button } from '@/ui/Button';
import { useProjectUse, useWorkspaceUse } from './useRoleUse';

/** Who has a role: in the workspace at once, in projects when somebody asks, since each of them is looked at. */
export function RoleUse({ role }: { role: string }) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState(false);
  const workspace = useWorkspaceUse(role);
  const projects = useProjectUse(role, wanted);
  return (
    <div className="flex flex-col items-start gap-2 rounded-card border border-line bg-raised px-4 py-3">
      <Loaded query={workspace} doing={t('role.use')} skeletonRows={1}>
        {(members) => <Place to={paths.members()} title={t('nav.workspace')} members={members} />}
      </Loaded>
      {wanted ? (
        <Loaded query={projects} doing={t('role.use')} skeletonRows={2}>
          {({ uses, looked, more }) => (
            <>
              {uses.map(({ project, title, members }) => (
                <Place key={project} to={paths.projectMembers(project)} title={title} members={members} />
              ))}
              <p className="text-small text-muted">
                {t('role.looked', { count: looked })} {more && t('role.more')}
              </p>
            </>
          )}
        </Loaded>
      ) : (
        <Button size="sm" onClick={() => setWanted(true)}>
          {t('role.look')}
        </Button>
      )}
    </div>
  );
}

interface PlaceProps {
  to: string;
  title: string;
  members: readonly string[];
}

const Place = ({ to, title, members }: PlaceProps) => (
  <p>
    <TextLink to={to}>{title}</TextLink> <Members members={members} />
  </p>
);

/** `user:ann@example.com` without what kind it is. */
function Members({ members }: { members: readonly string[] }) {
  const { t } = useTranslation();
  if (members.length === 0) return <span className="text-muted">{t('role.nobody')}</span>;
  const names = members.map((member) =>
    member === 'allUsers' ? t('access.allUsers') : member.replace(/^\w+:/, ''),
  );
  return <span className="[overflow-wrap:anywhere]">{names.join(', ')}</span>;
}
