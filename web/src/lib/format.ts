/** Numbers for people. 64-bit numbers stay text until here, so that nothing is rounded on the way. */
import i18n from 'i18next';

export function formatCount(value: number | string | undefined): string {
  if (value === undefined || value === '') return '0';
  const number = typeof value === 'string' ? BigInt(value) : value;
  return new Intl.NumberFormat(i18n.language || 'en').format(number);
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

export function formatBytes(value: number | string | undefined): string {
  let size = Number(value ?? 0);
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? size.toFixed(0) : size.toFixed(1)} ${UNITS[unit]}`;
}
