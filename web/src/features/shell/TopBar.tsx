import { CircleHelp, Menu as MenuIcon, Search } from 'lucide-react';
import { lazy } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { useBrand } from '@/features/settings/useBrand';
import { cn } from '@/lib/cn';
import { all, equals } from '@/lib/filter';
import { keyName } from '@/lib/keys';
import { paths } from '@/lib/paths';
import { useMe } from '@/lib/session';
import { AppLink } from '@/ui/AppLink';
import { Logo } from '@/ui/Logo';
import { OnDemand } from '@/ui/OnDemand';
import { Tooltip } from '@/ui/Tooltip';
import { AccountButton } from './AccountButton';
import { Breadcrumb } from './Breadcrumb';

interface Props {
  project: string | undefined;
  /** The menu has no place beside the page. */
  menu: boolean;
  onMenu: () => void;
  onSearch: () => void;
  onShortcuts: () => void;
}

const loadMenu = () => import('./AccountMenu');
const AccountMenu = lazy(loadMenu);

const CHROME_BUTTON =
  'grid size-8 shrink-0 place-items-center rounded-button text-chrome-muted hover:bg-chrome-line hover:text-chrome-text';

/** The way home, by the workspace's own name and picture where it has them. */
function Brand() {
  const { t } = useTranslation();
  const { title, logo } = useBrand().data ?? {};
  const name = title || t('product');
  return (
    <AppLink
      to={paths.home()}
      aria-label={t('nav.logo', { name })}
      className="flex shrink-0 items-center gap-2 rounded-button pr-1 font-semibold tracking-tight"
    >
      {logo ? <img src={logo} alt="" className="h-7 max-w-32" /> : <Logo className="size-7" />}
      <span className="hidden max-w-40 truncate md:block">{name}</span>
    </AppLink>
  );
}

export function TopBar({ project, menu, onMenu, onSearch, onShortcuts }: Props) {
  const { t } = useTranslation();
  return (
    <header className="sticky top-0 z-30 flex h-12 items-center gap-2 border-b border-chrome-line bg-chrome px-3 text-chrome-text">
      <button
        type="button"
        aria-label={t('nav.menu')}
        onClick={onMenu}
        className={cn(CHROME_BUTTON, !menu && 'lg:hidden')}
      >
        <MenuIcon className="size-5" aria-hidden="true" />
      </button>
      <Brand />
      <Breadcrumb project={project} />
      <div className="ml-auto flex items-center gap-1">
        <button
          type="button"
          onClick={onSearch}
          aria-keyshortcuts="Control+K Meta+K"
          className="flex h-8 items-center gap-2 rounded-button border border-chrome-line px-2 text-small text-chrome-muted hover:text-chrome-text md:w-56"
        >
          <Search className="size-4" aria-hidden="true" />
          <span className="sr-only md:not-sr-only">{t('palette.button')}</span>
          <span aria-hidden="true" className="ml-auto hidden text-caption md:block">
            {keyName('Mod')} K
          </span>
        </button>
        <SqlEditorLink />
        <MyIssues />
        <Tooltip text={t('nav.help')}>
          <button
            type="button"
            aria-label={t('nav.help')}
            onClick={onShortcuts}
            className={`${CHROME_BUTTON} hidden sm:grid`}
          >
            <CircleHelp className="size-5" aria-hidden="true" />
          </button>
        </Tooltip>
        <OnDemand popup="menu" load={loadMenu} button={(props) => <AccountButton {...props} />}>
          <AccountMenu onShortcuts={onShortcuts} />
        </OnDemand>
      </div>
    </header>
  );
}

const CHROME_LINK =
  'flex h-8 items-center gap-1.5 rounded-button px-2 text-small whitespace-nowrap text-chrome-muted hover:bg-chrome-line hover:text-chrome-text';

/** On a phone the palette and the menus lead there. */
function SqlEditorLink() {
  const { t } = useTranslation();
  return (
    <AppLink to={paths.sqlEditor()} className={cn(CHROME_LINK, 'max-sm:hidden')}>
      {t('nav.sqlEditor')}
    </AppLink>
  );
}

/** Issues of all projects that wait for me, with their number. */
function MyIssues() {
  const { t } = useTranslation();
  const me = useMe();
  const { data } = useRpc(
    'IssueService/SearchIssues',
    {
      parent: 'projects/-',
      pageSize: 100,
      filter: all(equals('status', 'OPEN'), equals('current_approver', me?.name)),
    },
    { topics: ['projects'], staleTime: 60_000, enabled: me !== null },
  );
  const count = data?.issues?.length ?? 0;
  return (
    <AppLink to={paths.myIssues()} className={CHROME_LINK}>
      {t('nav.myIssues')}
      {count > 0 && (
        <span className="rounded-full bg-accent px-1.5 text-caption font-medium text-accent-fg tabular-nums">
          {count}
        </span>
      )}
    </AppLink>
  );
}
