/** Names of keys as this machine's keyboard prints them. */
const isMac = () => /mac|iphone|ipad/i.test(navigator.platform);

/** `Mod` is Ctrl, and Command on a Mac. */
export const keyName = (key: string): string => (key === 'Mod' ? (isMac() ? '⌘' : 'Ctrl') : key);
