import { Command } from 'cmdk';
import {
  Braces,
  CircleUser,
  CornerDownLeft,
  Database,
  FolderKanban,
  GitPullRequestArrow,
  Keyboard,
  Link,
  ListChecks,
  LogOut,
  type LucideIcon,
  Plus,
  Server,
  SquareTerminal,
  SunMoon,
  UserRound,
} from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import type { SearchHitKind } from '@/api/types';
import { useDebounced } from '@/hooks/useDebounced';
import { useGo } from '@/hooks/useGo';
import { returnFocus } from '@/lib/focus';
import { useMay } from '@/lib/may';
import { idOf, projectId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { signOut } from '@/lib/session';
import { setTheme, THEME_CHOICES } from '@/lib/theme';
import { Keys } from '@/ui/Keys';
import { toast } from '@/ui/toast';
import { projectNav, workspaceNav } from './navigation';
import { useRecentProjects } from './recent';
import { keysOf } from './shortcuts';

const PAUSE_MS = 120;

interface Props {
  project: string | undefined;
  onClose: () => void;
  onShortcuts: () => void;
}

/** "Search or jump to": everything with a name, every page and every action. */
export default function Palette(props: Props) {
  const { t } = useTranslation();
  return (
    <Primitive.Root open onOpenChange={(open) => !open && props.onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-fade bg-overlay" />
        <Primitive.Content
          onCloseAutoFocus={returnFocus}
          aria-describedby={undefined}
          className="fixed top-[12dvh] left-1/2 z-50 w-[min(40rem,calc(100vw-1.5rem))] -translate-x-1/2 animate-fade overflow-hidden rounded-dialog border border-line bg-raised shadow-overlay"
        >
          <Primitive.Title className="sr-only">{t('palette.button')}</Primitive.Title>
          <Finder {...props} />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

interface Entry {
  key: string;
  icon: LucideIcon;
  text: string;
  hint?: string | undefined;
  keys?: readonly string[] | undefined;
  /** Comes up only when it is looked for. */
  rare?: boolean;
  run: () => unknown;
}

/** What a hit is, and where it leads. */
const HIT = {
  PROJECT: { icon: FolderKanban, heading: 'nav.projects', to: paths.project },
  DATABASE: { icon: Database, heading: 'nav.databases', to: paths.database },
  INSTANCE: { icon: Server, heading: 'nav.instances', to: paths.instance },
  PLAN: { icon: GitPullRequestArrow, heading: 'nav.plans', to: paths.plan },
  ISSUE: { icon: ListChecks, heading: 'nav.issues', to: paths.issue },
  USER: { icon: CircleUser, heading: 'nav.users', to: paths.user },
} as const satisfies Record<Exclude<SearchHitKind, 'KIND_UNSPECIFIED'>, object>;
type HitKind = keyof typeof HIT;
const KINDS = Object.keys(HIT) as HitKind[];

function Finder({ project, onClose, onShortcuts }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const query = useDebounced(text, PAUSE_MS).trim();
  const found = useRpc(
    'SearchService/Search',
    { query, project },
    { enabled: query !== '', keep: true, staleTime: 0 },
  );
  const wanted = text.trim().toLowerCase();
  const fits = ({ text, rare }: Entry) => (wanted ? text.toLowerCase().includes(wanted) : !rare);
  const actions = useActions(project, onShortcuts).filter(fits);
  const pages = usePages(project).filter(fits);
  const recent = useRecent(project).filter(() => wanted === '');
  const hits = wanted === '' ? [] : (found.data?.hits ?? []);
  const waiting = wanted !== '' && (query.toLowerCase() !== wanted || found.isFetching);
  const count = actions.length + pages.length + recent.length + hits.length;
  const go = useGo();
  const list = (heading: string, entries: readonly Entry[]) => (
    <Group heading={heading} entries={entries} onDone={onClose} />
  );
  return (
    <Command label={t('palette.button')} loop shouldFilter={false}>
      <Command.Input
        value={text}
        onValueChange={setText}
        placeholder={t('palette.placeholder')}
        className="h-12 w-full border-b border-line bg-transparent px-4 text-lead outline-none"
      />
      <Command.List className="h-[min(28rem,60dvh)] overflow-y-auto p-2 [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-caption [&_[cmdk-group-heading]]:text-muted">
        {list(t('nav.recent'), recent)}
        {wanted === '' && list(t('palette.actions'), actions)}
        {KINDS.map((kind) => {
          const { icon, heading, to } = HIT[kind];
          const entries = hits
            .filter((hit) => hit.kind === kind)
            .map(
              ({ name = '', title = '', context }): Entry => ({
                key: name,
                icon,
                text: title,
                hint: hintOf(kind, name, context),
                run: () => go(to(name)),
              }),
            );
          return <Group key={kind} heading={t(heading)} entries={entries} onDone={onClose} />;
        })}
        {wanted !== '' && list(t('palette.actions'), actions)}
        {list(t('palette.pages'), pages)}
        {count === 0 && !found.error && (
          <p className="px-2 py-6 text-center text-muted">
            {t(waiting ? 'palette.searching' : 'palette.empty')}
          </p>
        )}
        {found.error && (
          <p role="alert" className="px-2 py-6 text-center text-danger">
            {t('palette.failed', { message: found.error.message })}
          </p>
        )}
      </Command.List>
      <p className="flex justify-between gap-3 border-t border-line px-4 py-2 text-caption text-muted">
        <span className="max-sm:hidden">{t('palette.hint')}</span>
        <span role="status">{wanted !== '' && !waiting && t('palette.results', { count })}</span>
      </p>
    </Command>
  );
}

/** What tells two things of one title apart. */
function hintOf(kind: HitKind, name: string, context: string | undefined): string | undefined {
  if (kind === 'PROJECT') return projectId(name);
  if (kind === 'INSTANCE') return idOf(name, 'instances');
  const number = idOf(name, 'plans') || idOf(name, 'issues');
  return number ? `#${number} · ${context}` : context;
}

function useActions(project: string | undefined, onShortcuts: () => void): Entry[] {
  const { t } = useTranslation();
  const go = useGo();
  const may = useMay();
  const to = (path: string) => () => go(path);
  const entries: (Entry | false | undefined)[] = [
    project !== undefined &&
      may.somewhere('bb.plans.create') && {
        key: 'newPlan',
        icon: Plus,
        text: t('plan.new'),
        hint: projectId(project),
        keys: keysOf('newPlan'),
        run: to(paths.newPlan(project)),
      },
    project !== undefined && {
      key: 'addDatabases',
      icon: Plus,
      text: t('database.add'),
      hint: projectId(project),
      run: to(`${paths.projectDatabases(project)}?dialog=add`),
    },
    may.everywhere('bb.projects.create') && {
      key: 'newProject',
      icon: Plus,
      text: t('project.new'),
      run: to(`${paths.projects()}?dialog=new`),
    },
    may.everywhere('bb.instances.create') && {
      key: 'newInstance',
      icon: Plus,
      text: t('instance.new'),
      run: to(paths.newInstance()),
    },
    {
      key: 'copyLink',
      icon: Link,
      text: t('palette.copyLink'),
      run: () =>
        navigator.clipboard.writeText(window.location.href).then(() => toast({ text: t('state.copied') })),
    },
    ...THEME_CHOICES.map((theme) => ({
      key: `theme.${theme}`,
      icon: SunMoon,
      text: t('palette.theme', { theme: t(`theme.${theme}`) }),
      rare: true,
      run: () => setTheme(theme),
    })),
    {
      key: 'shortcuts',
      icon: Keyboard,
      text: t('shortcuts.title'),
      keys: keysOf('help'),
      run: onShortcuts,
    },
    { key: 'apiDocs', icon: Braces, text: t('apiDocs.title'), run: to(paths.apiDocs()) },
    {
      key: 'signOut',
      icon: LogOut,
      text: t('account.signOut'),
      run: () => signOut().catch((error: Error) => toast({ text: error.message, tone: 'danger' })),
    },
  ];
  return entries.filter((entry) => entry !== false && entry !== undefined);
}

function usePages(project: string | undefined): Entry[] {
  const { t } = useTranslation();
  const go = useGo();
  const inProject = project ? projectNav(project) : [];
  const items = (groups: ReturnType<typeof workspaceNav>, hint?: string) =>
    groups
      .flatMap((group) => group.items)
      .map(
        (item): Entry => ({
          key: item.to,
          icon: item.icon,
          text: t(`nav.${item.key}`),
          hint,
          keys: hint ? undefined : keysOf(item.key),
          run: () => go(item.to),
        }),
      );
  return [
    ...items(inProject, projectId(project)),
    ...items(workspaceNav()),
    {
      key: paths.sqlEditor(),
      icon: SquareTerminal,
      text: t('nav.sqlEditor'),
      keys: keysOf('sqlEditor'),
      run: () => go(paths.sqlEditor()),
    },
    {
      key: paths.myIssues(),
      icon: ListChecks,
      text: t('nav.myIssues'),
      keys: keysOf('myIssues'),
      run: () => go(paths.myIssues()),
    },
    { key: paths.account(), icon: UserRound, text: t('account.profile'), run: () => go(paths.account()) },
  ];
}

function useRecent(project: string | undefined): Entry[] {
  const go = useGo();
  return useRecentProjects()
    .filter(({ name }) => name !== project)
    .map(({ name, title }) => ({
      key: `recent.${name}`,
      icon: FolderKanban,
      text: title,
      hint: projectId(name),
      run: () => go(paths.project(name)),
    }));
}

interface GroupProps {
  heading: string;
  entries: readonly Entry[];
  onDone: () => void;
}

function Group({ heading, entries, onDone }: GroupProps) {
  if (entries.length === 0) return null;
  return (
    <Command.Group heading={heading}>
      {entries.map(({ key, icon: Icon, text, hint, keys, run }) => (
        <Command.Item
          key={key}
          value={key}
          onSelect={() => {
            onDone();
            run();
          }}
          className="group flex h-9 items-center gap-2.5 rounded-input px-2 data-[selected=true]:bg-hover"
        >
          <Icon className="size-4 shrink-0 text-muted" aria-hidden="true" />
          <span className="truncate">{text}</span>
          {hint && <span className="min-w-0 shrink-0 truncate text-caption text-muted">{hint}</span>}
          <span className="ml-auto flex shrink-0 items-center gap-2">
            {keys && <Keys keys={keys} className="max-sm:hidden" />}
            <CornerDownLeft
              className="size-3.5 text-muted opacity-0 group-data-[selected=true]:opacity-100"
              aria-hidden="true"
            />
          </span>
        </Command.Item>
      ))}
    </Command.Group>
  );
}
