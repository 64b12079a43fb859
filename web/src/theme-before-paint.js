// Runs before first paint (blocking, own file because the page forbids inline scripts), so that a dark
// page never flashes white. Keep in step with lib/theme.ts, which changes the choice afterwards.
(() => {
  let choice = 'system';
  try {
    choice = localStorage.getItem('basalt.theme') || 'system';
  } catch {
    // Storage may be forbidden: the system's choice is then used.
  }
  const dark =
    choice === 'dark' || (choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
