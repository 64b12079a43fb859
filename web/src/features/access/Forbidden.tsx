import { useRouterState } from '@tanstack/react-router';
import { Copy, ShieldAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '@/components/Page';
import { paths } from '@/lib/paths';
import { Button, ButtonLink } from '@/ui/Button';
import { Skeleton } from '@/ui/States';
import { toast } from '@/ui/toast';
import { type Grantor, type ProjectPermission, useProjectAccess } from './access';
import { RequestRoleButton } from './RequestRoleButton';

interface Props {
  permission: string;
  resource: string;
  grantors: readonly Grantor[];
}

/** What one may not see: which permission is missing, where, who can grant it, and a text to ask with. */
export function Forbidden({ permission, resource, grantors }: Props) {
  const { t } = useTranslation();
  const href = useRouterState({ select: (s) => s.location.href });
  const url = new URL(href, window.location.origin).toString();
  const request = t('forbidden.request', { permission, resource, url });
  const subject = t('forbidden.subject', { resource });
  const mail = (email: string) =>
    `mailto:${email}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(request)}`;
  return (
    <section
      aria-label={t('forbidden.title')}
      className="flex flex-col items-center gap-2 rounded-card border border-dashed border-line-strong/50 bg-surface px-6 py-12 text-center"
    >
      <ShieldAlert aria-hidden="true" className="mb-1 size-7 text-muted" />
      <h2 className="text-h3">{t('forbidden.title')}</h2>
      <p className="max-w-[56ch] text-muted [overflow-wrap:anywhere]">
        {t('forbidden.need')} <code className="font-mono text-small text-text">{permission}</code>{' '}
        {t('forbidden.on')} <code className="font-mono text-small text-text">{resource}</code>.
      </p>
      {grantors.length > 0 ? (
        <p className="max-w-[56ch] text-muted">
          {t('forbidden.ask')}{' '}
          {grantors.map(({ name, email }, i) => (
            <span key={email}>
              {i > 0 && ', '}
              <a className="text-accent underline underline-offset-2" href={mail(email)} title={email}>
                {name}
              </a>
            </span>
          ))}
        </p>
      ) : (
        <p className="max-w-[56ch] text-muted">{t('error.askAdmin')}</p>
      )}
      <div className="mt-2 flex flex-wrap justify-center gap-2">
        <RequestRoleButton tone="primary" resource={resource} permissions={[permission]} />
        <Button
          onClick={() =>
            navigator.clipboard.writeText(request).then(() => toast({ text: t('state.copied') }))
          }
        >
          <Copy aria-hidden="true" />
          {t('forbidden.copy')}
        </Button>
        <ButtonLink to={paths.home()}>{t('notFound.home')}</ButtonLink>
      </div>
    </section>
  );
}

interface NeedsProps {
  permission: ProjectPermission;
  project: string;
  children: ReactNode;
}

/** Shows its children to those who have the permission; the others learn what they lack. */
export function Needs({ permission, project, children }: NeedsProps) {
  const { data, error } = useProjectAccess(project);
  // Without an answer the server decides, call by call.
  if (error) return children;
  if (!data) return <Skeleton rows={3} />;
  if (data.may(permission)) return children;
  return <Forbidden permission={permission} resource={project} grantors={data.grantors} />;
}

interface PageProps {
  resource: string;
  permission: string;
  grantors: readonly Grantor[];
}

/** In place of a page. */
export function ForbiddenPage({ resource, ...rest }: PageProps) {
  const { t } = useTranslation();
  return (
    <Page title={t('forbidden.page')} context={resource.split('/').at(-1)} width="text">
      <Forbidden resource={resource} {...rest} />
    </Page>
  );
}
