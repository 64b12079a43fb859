/**
 * Where the focus goes when a dialog closes: to what opened it. Radix gives it to the dialog's trigger, but ours are
 * opened by the URL, by a key or by an item of a menu, and have none. An item is gone with its menu, so the menu's
 * button counts as the opener; what is gone altogether is replaced by the page's heading.
 */

const DIALOG = '[role="dialog"], [role="alertdialog"]';

/** What had the focus last in each dialog and outside of all (null), the latest at the end. */
const last = new Map<Element | null, Element>();

/** Called once, when the console starts. */
export function watchFocus(): void {
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof Element)) return;
    const button = target.closest('[role="menu"]')?.getAttribute('aria-labelledby');
    const focused = button ? document.getElementById(button) : target;
    if (!focused) return;
    for (const dialog of last.keys()) if (dialog && !dialog.isConnected) last.delete(dialog);
    const within = focused.closest(DIALOG);
    last.delete(within);
    last.set(within, focused);
  });
}

/** `onCloseAutoFocus` of every dialog. */
export function returnFocus(event: Event): void {
  event.preventDefault();
  // What was chosen in the dialog may have led elsewhere already.
  if (document.activeElement && document.activeElement !== document.body) return;
  const opener = [...last]
    .filter(([within, element]) => within !== event.target && element.isConnected)
    .map(([, element]) => element)
    .at(-1);
  const to = opener ?? document.querySelector('h1');
  if (to instanceof HTMLElement) to.focus({ preventScroll: true });
}

/** After a refused submit: the first field of the page that is wrong. */
export function focusFirstError(): void {
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLElement>('[aria-invalid="true"]');
    field?.focus();
    // With its label, which the bar above would hide.
    field?.parentElement?.scrollIntoView({ block: 'nearest' });
  });
}
