/** The ordered environments, from the ENVIRONMENT setting. Their order is the order of rollout stages. */
import { useRpc } from '@/api/query';
import type { Color, Environment } from '@/api/types';
import { environmentId } from '@/lib/names';

export const ENVIRONMENT_SETTING = 'settings/ENVIRONMENT';

export function useEnvironments() {
  return useRpc(
    'SettingService/GetSetting',
    { name: ENVIRONMENT_SETTING },
    {
      topics: [ENVIRONMENT_SETTING],
      staleTime: 60_000,
      select: (setting) => setting.value?.environment?.environments ?? [],
    },
  );
}

/** The environment of a name (`environments/prod`), or undefined while loading or when it was removed. */
export function useEnvironment(name: string | undefined): Environment | undefined {
  const id = environmentId(name);
  return useEnvironments().data?.find((e) => e.id === id);
}

/** Production asks before it is touched: the flag, or a name that says so. */
export const isProduction = (environment: Environment | undefined) =>
  environment !== undefined &&
  (environment.protected === true ||
    environment.tags?.protected === 'protected' ||
    /^prod(uction)?$/i.test(environment.id ?? ''));

export const environmentTitle = (environment: Environment | undefined, name?: string) =>
  environment?.title || environment?.id || environmentId(name);

/** `#rrggbb` of a wire colour (each channel 0 to 1). */
export function toHex(color: Color | undefined): string | undefined {
  if (!color) return undefined;
  return `#${[color.red, color.green, color.blue].map(channel).join('')}`;
}

const channel = (value: number | undefined) =>
  Math.round(Math.min(1, Math.max(0, value ?? 0)) * 255)
    .toString(16)
    .padStart(2, '0');

export function fromHex(hex: string): Color {
  const part = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16) / 255;
  return { red: part(1), green: part(3), blue: part(5) };
}

function luminance(hex: string): number {
  const { red = 0, green = 0, blue = 0 } = fromHex(hex);
  const linear = (c: number) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** WCAG contrast of two `#rrggbb` colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** The grounds against which a colour is hardest to see. */
const GROUND = { light: '#f7f8fa', dark: '#222a35' };
/** Names are written in it too, so it must do for text. */
const MIN_CONTRAST = 4.5;

/** A colour that can be told from the ground in either theme: moved towards the text colour until it can. */
export function visibleOn(hex: string, dark: boolean): string {
  const ground = dark ? GROUND.dark : GROUND.light;
  const towards = dark ? 255 : 0;
  let color = hex;
  for (let step = 0; step < 20 && contrast(color, ground) < MIN_CONTRAST; step += 1) {
    const next = [1, 3, 5].map((at) => {
      const value = Number.parseInt(color.slice(at, at + 2), 16);
      return Math.round(value + (towards - value) * 0.15);
    });
    color = `#${next.map((v) => v.toString(16).padStart(2, '0')).join('')}`;
  }
  return color;
}
