import { Braces, Keyboard, LogOut, UserRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useGo } from '@/hooks/useGo';
import { paths } from '@/lib/paths';
import { signOut, useMe } from '@/lib/session';
import { setTheme, THEME_CHOICES, useThemeChoice } from '@/lib/theme';
import { Menu, MenuItem, MenuLabel, MenuRadio, MenuSeparator } from '@/ui/Menu';
import { toast } from '@/ui/toast';
import { AccountButton } from './AccountButton';

/** Opens as soon as it is there: it was loaded because somebody pressed its button. */
export default function AccountMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const go = useGo();
  const theme = useThemeChoice();
  return (
    <Menu defaultOpen trigger={<AccountButton />}>
      <div className="px-2 py-1.5">
        <p className="font-medium">{me?.title}</p>
        <p className="text-caption text-muted">{me?.email}</p>
      </div>
      <MenuSeparator />
      <MenuItem icon={<UserRound aria-hidden="true" />} onSelect={() => go(paths.account())}>
        {t('account.profile')}
      </MenuItem>
      <MenuItem icon={<Keyboard aria-hidden="true" />} onSelect={onShortcuts}>
        {t('shortcuts.title')}
      </MenuItem>
      <MenuItem icon={<Braces aria-hidden="true" />} onSelect={() => go(paths.apiDocs())}>
        {t('apiDocs.title')}
      </MenuItem>
      <MenuSeparator />
      <MenuLabel>{t('account.theme')}</MenuLabel>
      <MenuRadio
        value={theme}
        onChange={setTheme}
        options={THEME_CHOICES.map((value) => ({ value, label: t(`theme.${value}`) }))}
      />
      <MenuSeparator />
      <MenuItem
        icon={<LogOut aria-hidden="true" />}
        onSelect={() => signOut().catch((error: Error) => toast({ text: error.message, tone: 'danger' }))}
      >
        {t('account.signOut')}
      </MenuItem>
    </Menu>
  );
}
