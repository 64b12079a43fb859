import { useTranslation } from 'react-i18next';
import { byKind, matching } from './permissions';

interface Props {
  permissions: readonly string[];
  /** Narrows the list. */
  text: string;
}

/** Permissions by what they are about. */
export function PermissionList({ permissions, text }: Props) {
  const { t } = useTranslation();
  const groups = byKind(matching(permissions, text));
  if (groups.length === 0) return <p className="py-4 text-muted">{t('state.noMatch')}</p>;
  return (
    <dl className="grid gap-x-6 gap-y-2 rounded-card border border-line bg-raised px-4 py-3 grid-cols-[minmax(0,1fr)] sm:grid-cols-[max-content_1fr]">
      {groups.map(([kind, names]) => (
        <div key={kind} className="contents">
          <dt className="font-medium">{kind}</dt>
          <dd className="mb-1.5 flex flex-wrap gap-1.5 sm:mb-0">
            {names.map((name) => (
              <code
                key={name}
                className="rounded-input border border-line bg-surface px-1.5 font-mono text-caption text-muted [overflow-wrap:anywhere]"
              >
                {name}
              </code>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
