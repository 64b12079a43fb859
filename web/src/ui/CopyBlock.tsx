import { Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';
import { IconButton } from './Button';
import { toast } from './toast';

interface Props {
  text: string;
  label?: string;
  /** All of it shows, however narrow the page: for keys. */
  wrap?: boolean;
  className?: string;
}

/** Code to take away. Scrolls inside itself; long text is capped in height. */
export function CopyBlock({ text, label, wrap, className }: Props) {
  const { t } = useTranslation();
  return (
    <section
      aria-label={label ?? t('state.code')}
      className={cn('flex items-start rounded-card border border-line bg-surface', className)}
    >
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className={cn(
          'max-h-120 min-w-0 flex-1 overflow-auto py-2.5 pl-3 font-mono text-small',
          wrap && 'break-all whitespace-pre-wrap',
        )}
      >
        {text}
      </pre>
      <IconButton
        label={t('action.copy')}
        size="sm"
        className="m-1.5"
        onClick={() => navigator.clipboard.writeText(text).then(() => toast({ text: t('state.copied') }))}
      >
        <Copy aria-hidden="true" />
      </IconButton>
    </section>
  );
}
