import { Outlet, useParams } from '@tanstack/react-router';
import { Dialog } from 'radix-ui';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { queryClient } from '@/api/query';
import { SessionOverlay } from '@/features/session/SessionOverlay';
import { ShortcutsDialog } from '@/features/shell/Shortcuts';
import { SideNav } from '@/features/shell/SideNav';
import { TopBar } from '@/features/shell/TopBar';
import { useShortcuts } from '@/features/shell/useShortcuts';
import { live } from '@/lib/live';
import { useBootstrap } from '@/lib/session';
import { Skeleton } from '@/ui/States';

const Palette = lazy(() => import('@/features/shell/Palette'));

/** The shell around every page of a signed-in person. */
export function AppLayout() {
  const { t } = useTranslation();
  const params = useParams({ strict: false }) as { project?: string };
  const project = params.project ? `projects/${params.project}` : undefined;
  const [drawer, setDrawer] = useState(false);
  const [palette, setPalette] = useState(false);
  const [shortcuts, setShortcuts] = useState(false);
  useShortcuts({ search: () => setPalette(true), help: () => setShortcuts(true) });
  useEffect(() => {
    live.start(queryClient);
  }, []);
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only z-50 rounded-button bg-accent px-3 py-2 text-accent-fg focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t('nav.skip')}
      </a>
      <TopBar
        project={project}
        onMenu={() => setDrawer(true)}
        onSearch={() => setPalette(true)}
        onShortcuts={() => setShortcuts(true)}
      />
      <Banner />
      <div className="flex flex-1">
        <div className="sticky top-12 hidden h-[calc(100dvh-3rem)] w-56 shrink-0 overflow-y-auto border-r border-line bg-surface lg:block">
          <SideNav project={project} />
        </div>
        <main id="main" tabIndex={-1} className="min-w-0 flex-1">
          <Suspense fallback={<Skeleton className="px-6 py-5" />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <Dialog.Root open={drawer} onOpenChange={setDrawer}>
        <Dialog.Portal>
          <Dialog.Overlay className="fixed inset-0 z-40 animate-fade bg-overlay" />
          <Dialog.Content
            aria-describedby={undefined}
            className="fixed inset-y-0 left-0 z-40 w-64 animate-slide overflow-y-auto border-r border-line bg-surface pt-3"
          >
            <Dialog.Title className="sr-only">{t('nav.menu')}</Dialog.Title>
            <SideNav project={project} onNavigate={() => setDrawer(false)} />
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
      {palette && (
        <Suspense>
          <Palette open onOpenChange={setPalette} project={project} />
        </Suspense>
      )}
      <ShortcutsDialog open={shortcuts} onOpenChange={setShortcuts} />
      <SessionOverlay />
    </div>
  );
}

/** What everybody must know about this server. */
function Banner() {
  const { t } = useTranslation();
  const { data } = useBootstrap();
  const text = data?.readonly ? t('banner.readonly') : data?.demo ? t('banner.demo') : '';
  if (!text) return null;
  return (
    <div
      role="note"
      className="border-b border-line tint-warning px-4 py-1 text-center text-caption text-text"
    >
      {text}
    </div>
  );
}
