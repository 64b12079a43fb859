import { Bot, Trash2, UsersRound } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { useRpc } from '@/api/query';
import type { IamPolicy } from '@/api/types';
import { IconButton } from '@/ui/Button';
import { ErrorPanel } from '@/ui/States';
import { Table, Td, Th, Tr } from '@/ui/Table';
import { toast } from '@/ui/toast';
import { AddMemberDialog } from './AddMemberDialog';
import { byMember, withMember, withoutMember } from './policy';

interface Props {
  policy: IamPolicy;
  adding: boolean;
  onAdding: (adding: boolean) => void;
  /** Which roles can be given here: `workspace` or `project`. */
  scope: 'workspace' | 'project';
  onSave: (policy: IamPolicy) => Promise<unknown>;
  saving: boolean;
  error: ApiError | null;
}

/** Who has which role; roles are given and taken one binding at a time. */
export function MembersTable(props: Props) {
  const { policy, scope, adding, onAdding, onSave, saving, error } = props;
  const { t } = useTranslation();
  const roles = useRpc('RoleService/ListRoles', {}, { staleTime: 300_000 });
  const titles = useMemo(
    () => new Map((roles.data?.roles ?? []).map((role) => [role.name ?? '', role.title ?? ''])),
    [roles.data],
  );
  const members = byMember(policy);
  // Undo comes seconds later: by then the policy may be another.
  const latest = useRef({ policy, onSave });
  useEffect(() => {
    latest.current = { policy, onSave };
  });
  const take = (role: string, member: string) =>
    onSave(withoutMember(policy, role, member)).then(
      () =>
        toast({
          text: t('access.removed', { role: titles.get(role) || role, member: member.replace(/^\w+:/, '') }),
          action: {
            label: t('action.undo'),
            run: () => {
              const now = latest.current;
              now.onSave(withMember(now.policy, role, member)).catch(() => {
                // Shown above from `error`.
              });
            },
          },
        }),
      () => {}, // Shown above from `error`.
    );
  return (
    <div className="flex flex-col gap-3">
      {error && <ErrorPanel error={error} doing={t('action.save')} />}
      <Table label={t('nav.members')}>
        <thead>
          <tr>
            <Th>{t('access.member')}</Th>
            <Th>{t('access.roles')}</Th>
          </tr>
        </thead>
        <tbody>
          {members.map(({ member, roles: held }) => (
            <Tr key={member}>
              <Td className="font-medium">
                <MemberName member={member} />
              </Td>
              <Td>
                <ul className="flex flex-wrap gap-1.5">
                  {held.map((role) => (
                    <li
                      key={role}
                      className="inline-flex h-7 items-center gap-1 whitespace-nowrap rounded-full border border-line-strong/60 bg-surface pr-0.5 pl-2.5 text-small"
                    >
                      {titles.get(role) || role.replace('roles/', '')}
                      <IconButton
                        size="sm"
                        className="size-6! rounded-full!"
                        busy={saving}
                        label={t('access.removeRole', { role: titles.get(role) || role, member })}
                        onClick={() => {
                          take(role, member);
                        }}
                      >
                        <Trash2 aria-hidden="true" className="size-3.5!" />
                      </IconButton>
                    </li>
                  ))}
                </ul>
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {adding && (
        <AddMemberDialog
          scope={scope}
          roles={roles.data?.roles ?? []}
          saving={saving}
          error={error}
          onClose={() => onAdding(false)}
          onAdd={(member, role) =>
            onSave(withMember(policy, role, member)).then(
              () => onAdding(false),
              () => {}, // Shown in the dialog from `error`.
            )
          }
        />
      )}
    </div>
  );
}

/** What it is by its icon, a person without. */
function MemberName({ member }: { member: string }) {
  const { t } = useTranslation();
  if (member === 'allUsers') return t('access.allUsers');
  const [kind, email] = member.split(':');
  const [Icon, word] =
    kind === 'group'
      ? [UsersRound, t('access.group')]
      : kind === 'serviceAccount'
        ? [Bot, t('access.program')]
        : [];
  return (
    <span className="inline-flex items-center gap-1.5">
      {Icon && <Icon role="img" aria-label={word} className="size-4 text-muted" />}
      {email}
    </span>
  );
}
