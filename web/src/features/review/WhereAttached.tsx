import { FolderKanban, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import { environmentTitle, useEnvironments } from '@/features/environments/environments';
import { useVisibleProject } from '@/features/projects/useProject';
import { environmentId, projectId } from '@/lib/names';
import { IconButton } from '@/ui/Button';

/** Shown before "and n more". */
const NAMED = 20;

interface Props {
  resources: readonly string[];
  onDetach?: ((resource: string) => void) | undefined;
}

/** The environments and projects that a configuration reviews. */
export function WhereAttached({ resources, onDetach }: Props) {
  const { t } = useTranslation();
  if (resources.length === 0) return <p className="text-muted">{t('review.nowhere')}</p>;
  return (
    <ul aria-label={t('review.attachedTo')} className="flex flex-wrap gap-1.5">
      {resources
        .slice(0, NAMED)
        .map((resource) =>
          environmentId(resource) ? (
            <EnvironmentChip key={resource} name={resource} onDetach={onDetach} />
          ) : (
            <ProjectChip key={resource} name={resource} onDetach={onDetach} />
          ),
        )}
      {resources.length > NAMED && (
        <li className="content-center text-small text-muted">
          {t('review.andMore', { count: resources.length - NAMED })}
        </li>
      )}
    </ul>
  );
}

interface ChipProps {
  name: string;
  onDetach: Props['onDetach'];
}

const CHIP =
  'inline-flex h-7 items-center gap-1 rounded-full border border-line-strong/60 bg-raised pr-1 pl-2.5 text-small';

function EnvironmentChip({ name, onDetach }: ChipProps) {
  const environment = useEnvironments().data?.find((e) => e.id === environmentId(name));
  return (
    <li className={CHIP}>
      <EnvironmentBadge name={name} />
      <Detach name={name} title={environmentTitle(environment, name) ?? ''} onDetach={onDetach} />
    </li>
  );
}

function ProjectChip({ name, onDetach }: ChipProps) {
  const title = useVisibleProject(name).data?.title || projectId(name);
  return (
    <li className={CHIP}>
      <FolderKanban className="size-3.5 text-muted" aria-hidden="true" />
      {title}
      <Detach name={name} title={title} onDetach={onDetach} />
    </li>
  );
}

function Detach({ name, title, onDetach }: ChipProps & { title: string }) {
  const { t } = useTranslation();
  if (!onDetach) return <span className="w-1.5" />;
  return (
    <IconButton
      label={t('review.detach', { name: title })}
      size="sm"
      className="size-6!"
      onClick={() => onDetach(name)}
    >
      <X aria-hidden="true" />
    </IconButton>
  );
}
