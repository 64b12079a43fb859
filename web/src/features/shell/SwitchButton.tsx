import { ChevronsUpDown } from 'lucide-react';
import type { ButtonHTMLAttributes, Ref } from 'react';
import { useTranslation } from 'react-i18next';

type Props = ButtonHTMLAttributes<HTMLButtonElement> & { ref?: Ref<HTMLButtonElement> };

export function SwitchButton(props: Props) {
  const { t } = useTranslation();
  return (
    <button
      {...props}
      type="button"
      aria-label={t('nav.switchProject')}
      className="grid size-7 shrink-0 place-items-center rounded-button text-chrome-muted hover:bg-chrome-line hover:text-chrome-text"
    >
      <ChevronsUpDown className="size-3.5" aria-hidden="true" />
    </button>
  );
}
