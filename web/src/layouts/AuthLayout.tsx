import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHeading } from '@/components/Page';
import { Columns } from '@/ui/Columns';
import { Logo } from '@/ui/Logo';

interface Props {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  wide?: boolean;
}

/** Pages before the shell: sign in, first administrator, set-up. */
export function AuthLayout({ title, lead, children, wide }: Props) {
  const { t } = useTranslation();
  return (
    <div className="grid min-h-dvh grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(20rem,2fr)_minmax(0,3fr)]">
      <div className="relative hidden flex-col overflow-hidden bg-chrome p-10 text-chrome-text lg:flex">
        <div className="flex items-center gap-2.5 text-h2 font-semibold tracking-tight">
          <Logo className="size-9" />
          {t('product')}
        </div>
        <Columns className="absolute inset-x-0 bottom-0 w-full" />
        <p className="relative mt-6 max-w-[26ch] text-h2 leading-snug font-normal text-balance text-chrome-muted">
          {t('auth.motto')}
        </p>
      </div>
      <main id="main" className="flex flex-col items-center justify-center px-5 py-10">
        <div className={wide ? 'w-full max-w-150' : 'w-full max-w-96'}>
          <div className="mb-6 flex items-center gap-2 font-semibold lg:hidden">
            <Logo className="size-8" />
            {t('product')}
          </div>
          <PageHeading title={title} />
          {lead && <p className="mt-1 text-muted">{lead}</p>}
          <div className="mt-6">{children}</div>
        </div>
      </main>
    </div>
  );
}
