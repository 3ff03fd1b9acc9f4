/** Coming in: sign-in, enrolment by invitation, and the start of duty. */
export { DutyScreen } from './duty';
export { EnrolScreen } from './enrol';
export { SignInScreen } from './sign-in';
