import { type ReactElement, type ReactNode, Suspense, useState } from 'react';

interface ButtonProps {
  'aria-haspopup': 'menu' | 'dialog';
  'aria-expanded': boolean;
  onPointerEnter: () => void;
  onFocus: () => void;
  onClick: () => void;
}

interface Props {
  popup: ButtonProps['aria-haspopup'];
  /** Fetches what `children` need. */
  load: () => Promise<unknown>;
  button: (props: ButtonProps) => ReactElement;
  /** The same button with what it opens, open from the beginning. */
  children: ReactNode;
}

/**
 * What a button opens, loaded when somebody reaches for the button: menus and popovers bring a positioning library
 * that no page needs before.
 */
export function OnDemand({ popup, load, button, children }: Props) {
  const [wanted, setWanted] = useState(false);
  const preload = () => {
    // A failed load is told when the button is pressed.
    load().catch(() => undefined);
  };
  const plain = button({
    'aria-haspopup': popup,
    'aria-expanded': false,
    onPointerEnter: preload,
    onFocus: preload,
    onClick: () => setWanted(true),
  });
  return wanted ? <Suspense fallback={plain}>{children}</Suspense> : plain;
}
