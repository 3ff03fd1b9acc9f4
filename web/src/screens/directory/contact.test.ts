import { describe, expect, test } from 'vitest';
import { contactOf, findable, isOfficeHour } from './contact';

const profile = {
  central_authority_contact: '+254 20 990 0010, mla@justice.ke.example', contact_point_languages: ['en', 'sw'], languages: ['en'],
  time_zone: 'Africa/Nairobi', office_hours: '08:00-17:00', rest_days: ['saturday', 'sunday'], holidays: [{ date: '2026-12-11', name: 'x' }],
};

describe('a contact', () => {
  test('is what the country has notified for that kind of authority', () =>
    expect(contactOf({ authority: 'au:ke:central-authority', kind: 'central-authority', details: {} }, profile)).toEqual({ telephone: '+254 20 990 0010', email: 'mla@justice.ke.example', languages: ['en'] }));
  test('is its own where its act of the directory says so', () =>
    expect(contactOf({ authority: 'au:ke:contact-point', kind: 'contact-point', details: { telephone: '+254 20 111 2222' } }, profile)).toEqual({ telephone: '+254 20 111 2222', email: null, languages: ['en', 'sw'] }));
  test('is nothing where nobody has said anything', () => expect(contactOf({ authority: 'au:ke:ncb', kind: 'ncb', details: {} }, null)).toEqual({ telephone: null, email: null, languages: [] }));
});

describe('offices', () => {
  const open = (time: string) => isOfficeHour(profile, new Date(time));
  test('are open by their own clock', () => expect([open('2026-11-23T05:00:00Z'), open('2026-11-23T04:59:00Z'), open('2026-11-23T14:00:00Z')]).toEqual([true, false, false]));
  test('are closed on rest days and holidays', () => expect([open('2026-11-22T09:00:00Z'), open('2026-12-11T09:00:00Z')]).toEqual([false, false]));
  test('of a country that has notified no hours are not guessed', () => expect(isOfficeHour({ time_zone: 'Africa/Nairobi' }, new Date())).toBeNull());
});

test('search does without accents and isolates', () => expect(findable('\u2068Sénégal\u2069')).toBe('senegal'));
