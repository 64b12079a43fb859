/** Whether the set-up wizard is still to be done; kept in this browser, where the first administrator sits. */

const KEY = 'basalt.setup';

export const setupPending = () => localStorage.getItem(KEY) === 'pending';
export const beginSetup = () => localStorage.setItem(KEY, 'pending');
export const endSetup = () => localStorage.removeItem(KEY);
