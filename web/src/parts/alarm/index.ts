/** The alarm of the desk: what rings, how it sounds, and duty, which turns it on. */
export { Bell, type Voice } from './bell';
export { ringsOf, type AlarmClass, type Ring } from './classes';
export { showRinging } from './marks';
export { AlarmProvider, useAlarm, type AlarmState, type Sound } from './react';
