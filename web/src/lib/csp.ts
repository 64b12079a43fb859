/**
 * The page's style nonce. The server sends `style-src 'self' 'nonce-…'` and writes the nonce into a meta
 * element; libraries that inject a <style> at run time (CodeMirror, scroll lock) get it from here.
 */
import { setNonce } from 'get-nonce';

const PLACEHOLDER = '__CSP_NONCE__';

function read(): string {
  const content = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
  return content === PLACEHOLDER ? '' : content;
}

export const cspNonce = read();

/** Must run before the first dialog opens. */
export function installNonce(): void {
  if (cspNonce) setNonce(cspNonce);
}
