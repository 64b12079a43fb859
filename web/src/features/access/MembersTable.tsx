import { Bot, Pencil, Trash2, UsersRound } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import type { IamPolicy } from '@/api/types';
import { useRoles } from '@/features/roles/useRoles';
import { minuteTime } from '@/lib/time';
import { IconButton } from '@/ui/Button';
import { ErrorPanel } from '@/ui/States';
import { Table, Td, Th, Tr } from '@/ui/Table';
import { toast } from '@/ui/toast';
import { GrantDialog } from './GrantDialog';
import { GrantLimits, useScopeWords } from './GrantLimits';
import { type Grant, grantsOf, withGrant, withoutGrant } from './grant';

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

/** Who has which role, where and until when; roles are given, changed and taken one at a time. */
export function MembersTable(props: Props) {
  const { policy, scope, adding, onAdding, onSave, saving, error } = props;
  const { t } = useTranslation();
  const [changing, setChanging] = useState<Grant>();
  const { roles, titleOf } = useRoles();
  const members = byMember(grantsOf(policy));
  const open = adding || changing !== undefined;
  const close = () => {
    setChanging(undefined);
    onAdding(false);
  };
  // Undo comes seconds later: by then the policy may be another.
  const latest = useRef({ policy, onSave });
  useEffect(() => {
    latest.current = { policy, onSave };
  });
  const take = (grant: Grant) =>
    onSave(withoutGrant(policy, grant)).then(
      () =>
        toast({
          text: t('access.removed', {
            role: titleOf(grant.role),
            member: grant.member.replace(/^\w+:/, ''),
          }),
          action: {
            label: t('action.undo'),
            run: () => {
              const now = latest.current;
              now.onSave(withGrant(now.policy, grant)).catch(() => {
                // Shown above from `error`.
              });
            },
          },
        }),
      () => {}, // Shown above from `error`.
    );
  return (
    <div className="flex flex-col gap-3">
      {error && !open && <ErrorPanel error={error} doing={t('action.save')} />}
      <Table label={t('nav.members')}>
        <thead>
          <tr>
            <Th>{t('access.member')}</Th>
            <Th>{t('access.roles')}</Th>
          </tr>
        </thead>
        <tbody>
          {members.map(([member, held]) => (
            <Tr key={member}>
              <Td className="align-top font-medium">
                <MemberName member={member} />
              </Td>
              <Td>
                <ul className="flex flex-wrap gap-1.5">
                  {held.map((grant) => (
                    <GrantChip
                      key={JSON.stringify(grant)}
                      grant={grant}
                      title={titleOf(grant.role)}
                      alone={held.filter(({ role }) => role === grant.role).length === 1}
                      busy={saving}
                      onEdit={() => setChanging(grant)}
                      onRemove={() => take(grant)}
                    />
                  ))}
                </ul>
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {open && (
        <GrantDialog
          grant={changing}
          scope={scope}
          roles={roles}
          saving={saving}
          error={error}
          onClose={close}
          onSave={(grant) =>
            onSave(withGrant(changing ? withoutGrant(policy, changing) : policy, grant)).then(
              close,
              () => {}, // Shown in the dialog from `error`.
            )
          }
        />
      )}
    </div>
  );
}

function byMember(grants: readonly Grant[]): [member: string, grants: Grant[]][] {
  const members = new Map<string, Grant[]>();
  for (const grant of grants) members.set(grant.member, [...(members.get(grant.member) ?? []), grant]);
  return [...members];
}

interface ChipProps {
  grant: Grant;
  title: string;
  /** The only one of its role: its name says which it is. */
  alone: boolean;
  busy: boolean;
  onEdit: () => void;
  onRemove: () => void;
}

function GrantChip({ grant, title, alone, busy, onEdit, onRemove }: ChipProps) {
  const { t } = useTranslation();
  const wordsOf = useScopeWords();
  const { member, scope, expires } = grant;
  const limits = [
    scope ? (wordsOf(scope) ?? scope) : t('access.everywhere'),
    expires && t('access.until', { time: minuteTime(expires) }),
  ];
  const role = alone ? title : `${title} (${limits.filter(Boolean).join(', ')})`;
  return (
    <li className="inline-flex max-w-full items-center gap-1 rounded-button border border-line-strong/60 bg-surface py-0.5 pr-0.5 pl-2.5 text-small">
      <span className="min-w-0">
        <span className="block whitespace-nowrap">{title}</span>
        <GrantLimits scope={grant.scope} expires={grant.expires} />
      </span>
      <IconButton
        size="sm"
        className="size-6! rounded-full!"
        label={t('access.editRole', { role, member })}
        onClick={onEdit}
      >
        <Pencil aria-hidden="true" className="size-3.5!" />
      </IconButton>
      <IconButton
        size="sm"
        className="size-6! rounded-full!"
        busy={busy}
        label={t('access.removeRole', { role, member })}
        onClick={onRemove}
      >
        <Trash2 aria-hidden="true" className="size-3.5!" />
      </IconButton>
    </li>
  );
}

/** What it is by its icon, a person without. */
function MemberName({ member }: { member: string }) {
  const { t } = useTranslation();
  if (member === 'allUsers') return <span className="leading-7">{t('access.allUsers')}</span>;
  const [kind, email] = member.split(':');
  const [Icon, word] =
    kind === 'group'
      ? [UsersRound, t('access.group')]
      : kind === 'serviceAccount'
        ? [Bot, t('access.program')]
        : [];
  return (
    <span className="inline-flex min-h-7 items-center gap-1.5">
      {Icon && <Icon role="img" aria-label={word} className="size-4 text-muted" />}
      {email}
    </span>
  );
}
