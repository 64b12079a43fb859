import { Command } from 'cmdk';
import {
  CornerDownLeft,
  Database,
  FolderKanban,
  GitPullRequestArrow,
  type LucideIcon,
  Plus,
  Server,
} from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { useDebounced } from '@/hooks/useDebounced';
import { useGo } from '@/hooks/useGo';
import { all, contains } from '@/lib/filter';
import { useMay } from '@/lib/may';
import { databaseId, instanceId, planId, projectId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { workspaceNav } from './navigation';

const LIMIT = 6;

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  project: string | undefined;
}

/** "Search or jump to": projects, instances, databases, plans, pages and actions. */
export default function Palette({ open, onOpenChange, project }: Props) {
  const { t } = useTranslation();
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-fade bg-overlay" />
        <Primitive.Content
          aria-describedby={undefined}
          className="fixed top-[12dvh] left-1/2 z-50 w-[min(40rem,calc(100vw-1.5rem))] -translate-x-1/2 animate-fade overflow-hidden rounded-dialog border border-line bg-raised shadow-overlay"
        >
          <Primitive.Title className="sr-only">{t('palette.button')}</Primitive.Title>
          <Finder project={project} onDone={() => onOpenChange(false)} />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function Finder({ project, onDone }: { project: string | undefined; onDone: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const query = useDebounced(text, 150).trim();
  const number = /^#?(\d+)$/.exec(query)?.[1];
  const searching = query.length > 0 && !number;
  const may = useMay();
  const projects = useRpc(
    'ProjectService/SearchProjects',
    { pageSize: LIMIT, filter: all('exclude_default == true', contains('name', query)) },
    { keep: true },
  );
  const databases = useRpc(
    'DatabaseService/ListDatabases',
    { parent: 'workspaces/default', pageSize: LIMIT, filter: contains('name', query) },
    { enabled: searching && may.somewhere('bb.databases.list'), keep: true },
  );
  const instances = useRpc(
    'InstanceService/ListInstances',
    { pageSize: LIMIT, filter: contains('name', query) },
    { enabled: searching && may.everywhere('bb.instances.list'), keep: true },
  );
  const plans = useRpc(
    'PlanService/ListPlans',
    { parent: project ?? '', pageSize: LIMIT, filter: contains('title', query) },
    { enabled: searching && project !== undefined && may.somewhere('bb.plans.list'), keep: true },
  );
  return (
    <Command label={t('palette.button')} loop>
      <Command.Input
        value={text}
        onValueChange={setText}
        placeholder={t('palette.placeholder')}
        className="h-12 w-full border-b border-line bg-transparent px-4 text-lead outline-none"
      />
      <Command.List className="max-h-[55dvh] overflow-y-auto p-2 [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-caption [&_[cmdk-group-heading]]:text-muted">
        <Command.Empty className="px-2 py-6 text-center text-muted">{t('palette.empty')}</Command.Empty>
        {project && number && (
          <Command.Group heading={t('nav.plans')}>
            <Item
              icon={GitPullRequestArrow}
              text={t('palette.plan', { number })}
              hint={projectId(project)}
              keywords={[query]}
              to={paths.plan(`${project}/plans/${number}`)}
              onDone={onDone}
            />
          </Command.Group>
        )}
        <Command.Group heading={t('palette.actions')}>
          {project && <Item icon={Plus} text={t('plan.new')} to={paths.newPlan(project)} onDone={onDone} />}
          {may.everywhere('bb.instances.create') && (
            <Item icon={Plus} text={t('instance.new')} to={paths.newInstance()} onDone={onDone} />
          )}
        </Command.Group>
        <Results
          heading={t('nav.plans')}
          icon={GitPullRequestArrow}
          onDone={onDone}
          items={(searching && project ? (plans.data?.plans ?? []) : []).map((plan) => ({
            key: plan.name ?? '',
            text: plan.title ?? '',
            hint: `#${planId(plan.name)}`,
            to: paths.plan(plan.name ?? ''),
          }))}
        />
        <Results
          heading={t('nav.projects')}
          icon={FolderKanban}
          onDone={onDone}
          items={(projects.data?.projects ?? []).map((item) => ({
            key: item.name ?? '',
            text: item.title ?? '',
            hint: projectId(item.name),
            to: paths.project(item.name ?? ''),
          }))}
        />
        <Results
          heading={t('nav.databases')}
          icon={Database}
          onDone={onDone}
          items={(searching ? (databases.data?.databases ?? []) : []).map((item) => ({
            key: item.name ?? '',
            text: databaseId(item.name),
            hint: item.instanceResource?.title ?? instanceId(item.name),
            to: paths.database(item.name ?? ''),
          }))}
        />
        <Results
          heading={t('nav.instances')}
          icon={Server}
          onDone={onDone}
          items={(searching ? (instances.data?.instances ?? []) : []).map((item) => ({
            key: item.name ?? '',
            text: item.title ?? '',
            hint: instanceId(item.name),
            to: paths.instance(item.name ?? ''),
          }))}
        />
        <Command.Group heading={t('palette.pages')}>
          {workspaceNav()
            .flatMap((group) => group.items)
            .map((item) => (
              <Item
                key={item.key}
                icon={item.icon}
                text={t(`nav.${item.key}`)}
                to={item.to}
                onDone={onDone}
              />
            ))}
        </Command.Group>
      </Command.List>
    </Command>
  );
}

interface Found {
  key: string;
  text: string;
  hint: string;
  to: string;
}

interface ResultsProps {
  heading: string;
  icon: LucideIcon;
  items: Found[];
  onDone: () => void;
}

function Results({ heading, icon, items, onDone }: ResultsProps) {
  if (items.length === 0) return null;
  return (
    <Command.Group heading={heading}>
      {items.map((item) => (
        <Item
          key={item.key}
          icon={icon}
          text={item.text}
          hint={item.hint}
          value={item.key}
          keywords={[item.text, item.hint]}
          to={item.to}
          onDone={onDone}
        />
      ))}
    </Command.Group>
  );
}

interface ItemProps {
  icon: LucideIcon;
  text: string;
  hint?: string;
  value?: string;
  keywords?: string[];
  to: string;
  onDone: () => void;
}

function Item({ icon: Icon, text, hint, value, keywords, to, onDone }: ItemProps) {
  const go = useGo();
  return (
    <Command.Item
      value={value ?? text}
      keywords={keywords}
      onSelect={() => {
        onDone();
        go(to);
      }}
      className="group flex h-9 items-center gap-2.5 rounded-input px-2 data-[selected=true]:bg-hover"
    >
      <Icon className="size-4 shrink-0 text-muted" aria-hidden="true" />
      <span className="truncate">{text}</span>
      {hint && <span className="truncate text-caption text-muted">{hint}</span>}
      <CornerDownLeft
        className="ml-auto size-3.5 text-muted opacity-0 group-data-[selected=true]:opacity-100"
        aria-hidden="true"
      />
    </Command.Item>
  );
}
