import { describe, expect, it } from 'vitest';
import type { EmailSetting } from '@/api/types';
import { mailProblems, mailSetting, mailValues, withEncryption } from './mail';

const SAVED: EmailSetting = {
  from: 'basalt@example.com',
  type: 'SMTP',
  smtp: {
    host: 'smtp.example.com',
    port: 2525,
    username: 'basalt',
    encryption: 'STARTTLS',
    authentication: 'PLAIN',
  },
  passwordSet: true,
};

describe('the mail server as a form has it', () => {
  it('begins with what servers mostly have', () => {
    expect(mailValues({})).toMatchObject({ port: '587', encryption: 'STARTTLS', authentication: 'PLAIN' });
  });

  it('goes there and back, without its password', () => {
    expect(mailSetting(mailValues(SAVED)).smtp).toEqual({ ...SAVED.smtp, password: '' });
  });

  it('says nothing of who signs in where nobody does', () => {
    const none = { ...mailValues(SAVED), authentication: 'AUTHENTICATION_NONE' as const };
    expect(mailSetting(none).smtp).not.toHaveProperty('username');
    expect(mailProblems({ ...none, username: '' }, SAVED).size).toBe(0);
  });

  it('takes the usual port along, and leaves one of their own', () => {
    expect(withEncryption(mailValues({}), 'SSL_TLS')).toEqual({ encryption: 'SSL_TLS', port: '465' });
    expect(withEncryption(mailValues(SAVED), 'SSL_TLS').port).toBe('2525');
  });

  it('needs the password again for another server or user', () => {
    const values = mailValues(SAVED);
    expect(mailProblems(values, SAVED).size).toBe(0);
    expect([...mailProblems({ ...values, host: 'other.example.com' }, SAVED)]).toEqual(['password']);
    expect([...mailProblems({ ...values, username: 'else' }, SAVED)]).toEqual(['password']);
  });

  it('names every field that is wrong', () => {
    const bad = { ...mailValues({}), from: 'x', port: '70000' };
    expect([...mailProblems(bad, {})]).toEqual(['from', 'host', 'port', 'username', 'password']);
  });
});
