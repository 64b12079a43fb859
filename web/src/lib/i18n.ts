/** Words. Keys are typed by en.json: a missing one is a type error, a bare string in a page fails a test. */
import i18n from 'i18next';
import { initReactI18next } from 'react-i18next';
import type en from '@/locales/en.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
    returnNull: false;
  }
}

export const LANGUAGES = { en: 'English' } as const;
type Language = keyof typeof LANGUAGES;

const load: Record<Language, () => Promise<{ default: object }>> = {
  en: () => import('@/locales/en.json'),
};

export async function initI18n(language: Language = 'en'): Promise<void> {
  const words = await load[language]();
  await i18n.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { [language]: { translation: words.default } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = language;
}
