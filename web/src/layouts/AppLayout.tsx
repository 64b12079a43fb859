import { Outlet, useParams } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { queryClient, useRpc } from '@/api/query';
import { usePageFills, WorkspaceGate } from '@/features/access/WorkspaceGate';
import { ProjectGate } from '@/features/projects/ProjectGate';
import { useVisibleProject } from '@/features/projects/useProject';
import { PROFILE } from '@/features/settings/useProfile';
import { SideNav } from '@/features/shell/SideNav';
import { TopBar } from '@/features/shell/TopBar';
import { useShortcuts } from '@/features/shell/useShortcuts';
import { Watermark } from '@/features/shell/Watermark';
import { cn } from '@/lib/cn';
import { live } from '@/lib/live';
import { useMay } from '@/lib/may';
import { allowRoleRequests, endRoleRequest, useRoleAsk } from '@/lib/roleRequest';
import { useBootstrap, useSessionExpired } from '@/lib/session';
import { webLink } from '@/lib/url';
import { Skeleton } from '@/ui/States';

const loadOverlay = () => import('@/features/session/SessionOverlay');
const SessionOverlay = lazy(loadOverlay);
const Palette = lazy(() => import('@/features/shell/Palette'));
const ShortcutsDialog = lazy(() => import('@/features/shell/Shortcuts'));
const RoleRequestDialog = lazy(() => import('@/features/access/RoleRequestDialog'));
const NavDrawer = lazy(() => import('@/features/shell/NavDrawer'));

/** By then the first page is there, and nothing waits for the network. */
const QUIET_MS = 3_000;

type Layer = 'palette' | 'shortcuts' | 'drawer';

/** The shell around every page of a signed-in person. */
export function AppLayout() {
  const params = useParams({ strict: false }) as { project?: string };
  const name = params.project ? `projects/${params.project}` : undefined;
  const { data: found } = useVisibleProject(name);
  // A project that one may not see has no menu of its own.
  const project = found === null ? undefined : name;
  const askable = found?.allowRequestRole ? (name ?? '') : '';
  useEffect(() => allowRoleRequests(askable), [askable]);
  const { t } = useTranslation();
  const expired = useSessionExpired();
  const ask = useRoleAsk();
  const fills = usePageFills();
  const [layer, setLayer] = useState<Layer | null>(null);
  const close = () => setLayer(null);
  const shortcuts = () => setLayer('shortcuts');
  useShortcuts({ search: () => setLayer('palette'), help: shortcuts, project });
  useEffect(() => {
    live.start(queryClient);
    // When the session ends, the server may be another one that does not have this file any more.
    const timer = setTimeout(() => void loadOverlay().catch(() => undefined), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={cn('flex flex-col', fills ? 'h-dvh' : 'min-h-dvh')}>
      <a
        href="#main"
        className="sr-only z-50 rounded-button bg-accent px-3 py-2 text-accent-fg focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t('nav.skip')}
      </a>
      <TopBar
        project={project}
        menu={fills}
        onMenu={() => setLayer('drawer')}
        onSearch={() => setLayer('palette')}
        onShortcuts={shortcuts}
      />
      <Banner />
      <div className="flex min-h-0 flex-1">
        <div className={cn('hidden w-56 shrink-0 border-r border-line bg-surface', !fills && 'lg:block')}>
          <div className="sticky top-12 max-h-[calc(100dvh-3rem)] overflow-y-auto">
            <SideNav project={project} />
          </div>
        </div>
        <main id="main" tabIndex={-1} className={cn('min-w-0 flex-1', fills && 'flex min-h-0 flex-col')}>
          <Suspense fallback={<Skeleton className="px-6 py-5" />}>
            {name ? (
              <ProjectGate key={name} project={name}>
                <Outlet />
              </ProjectGate>
            ) : (
              <WorkspaceGate>
                <Outlet />
              </WorkspaceGate>
            )}
          </Suspense>
        </main>
      </div>
      <Suspense>
        {layer === 'drawer' && <NavDrawer project={project} onClose={close} />}
        {layer === 'palette' && <Palette project={project} onClose={close} onShortcuts={shortcuts} />}
        {layer === 'shortcuts' && <ShortcutsDialog onClose={close} />}
        {ask && <RoleRequestDialog ask={ask} onClose={endRoleRequest} />}
        {expired && <SessionOverlay />}
      </Suspense>
    </div>
  );
}

/** What everybody must know about this server. */
function Banner() {
  const { t } = useTranslation();
  const { data } = useBootstrap();
  const text = data?.readonly ? t('banner.readonly') : data?.demo ? t('banner.demo') : '';
  return (
    <>
      {text && <BannerLine>{text}</BannerLine>}
      <Announcement />
    </>
  );
}

/** What an administrator tells everybody, and whether pages say who looks. */
function Announcement() {
  const { t } = useTranslation();
  const may = useMay().everywhere('bb.settings.getWorkspaceProfile');
  const { data } = useRpc(
    'SettingService/GetSetting',
    { name: PROFILE },
    { topics: [PROFILE], enabled: may, staleTime: 300_000 },
  );
  const { announcement, watermark } = data?.value?.workspaceProfile ?? {};
  const { text, link } = announcement ?? {};
  return (
    <>
      {watermark && <Watermark />}
      {text && (
        <BannerLine>
          {text}{' '}
          {webLink(link) && (
            <a href={webLink(link)} target="_blank" rel="noreferrer" className="underline">
              {t('banner.more')}
            </a>
          )}
        </BannerLine>
      )}
    </>
  );
}

function BannerLine({ children }: { children: ReactNode }) {
  return (
    <div
      role="note"
      className="border-b border-line tint-warning px-4 py-1 text-center text-caption text-text"
    >
      {children}
    </div>
  );
}
