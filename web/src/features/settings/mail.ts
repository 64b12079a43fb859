/** The mail server as a form has it, what is wrong with it, and as the server takes it. Pure. */
import type { EmailSetting, SmtpAuthentication, SmtpConfig, SmtpEncryption } from '@/api/types';
import { isEmail } from '@/lib/password';

export interface MailValues {
  from: string;
  fromName: string;
  host: string;
  port: string;
  encryption: SmtpEncryption;
  authentication: SmtpAuthentication;
  username: string;
  /** Empty keeps the one there is. */
  password: string;
}

export const ENCRYPTIONS = ['STARTTLS', 'SSL_TLS', 'ENCRYPTION_NONE'] as const;
export const AUTHENTICATIONS = ['PLAIN', 'LOGIN', 'AUTHENTICATION_NONE'] as const;
export const NO_LOGIN: SmtpAuthentication = 'AUTHENTICATION_NONE';

/** The port that mail servers mostly have. */
const PORT: Partial<Record<SmtpEncryption, string>> = {
  STARTTLS: '587',
  SSL_TLS: '465',
  ENCRYPTION_NONE: '25',
};

export function mailValues({ from = '', fromName = '', smtp = {} }: EmailSetting): MailValues {
  const { host = '', username = '', encryption = 'STARTTLS' } = smtp;
  return {
    from,
    fromName,
    host,
    port: String(smtp.port ?? PORT[encryption]),
    encryption,
    authentication: smtp.authentication ?? 'PLAIN',
    username,
    password: '',
  };
}

/** Another encryption, with its port where the port was the usual one. */
export function withEncryption(values: MailValues, encryption: SmtpEncryption): Partial<MailValues> {
  const usual = values.port === PORT[values.encryption];
  return { encryption, port: usual ? (PORT[encryption] ?? values.port) : values.port };
}

export function mailSetting(values: MailValues): EmailSetting {
  const { from, fromName, port, username, password, ...rest } = values;
  const login = values.authentication === NO_LOGIN ? {} : { username: username.trim(), password };
  const smtp: SmtpConfig = { ...rest, host: values.host.trim(), port: Number(port), ...login };
  return { from: from.trim(), fromName: fromName.trim(), type: 'SMTP', smtp };
}

export type MailProblem = 'from' | 'host' | 'port' | 'username' | 'password';

/** `kept`: the server has a password for what stands in `saved`. */
export function mailProblems(values: MailValues, saved: EmailSetting): ReadonlySet<MailProblem> {
  const port = Number(values.port);
  const login = values.authentication !== NO_LOGIN;
  const same = values.host.trim() === saved.smtp?.host && values.username.trim() === saved.smtp?.username;
  const wrong: Record<MailProblem, boolean> = {
    from: !isEmail(values.from.trim()),
    host: !values.host.trim(),
    port: !Number.isInteger(port) || port < 1 || port > 65_535,
    username: login && !values.username.trim(),
    password: login && !values.password && !(saved.passwordSet && same),
  };
  return new Set((Object.keys(wrong) as MailProblem[]).filter((field) => wrong[field]));
}
