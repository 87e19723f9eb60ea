import type { Endpoint } from '#http/endpoint.ts'
import { createRegistrationToken } from './admin/create-registration-token.ts'
import { deleteRegistrationToken } from './admin/delete-registration-token.ts'
import { getRegisterNonce } from './admin/get-register-nonce.ts'
import { getRegistrationToken } from './admin/get-registration-token.ts'
import { listRegistrationTokens } from './admin/list-registration-tokens.ts'
import { registerBySharedSecret } from './admin/register-by-shared-secret.ts'
import { updateRegistrationToken } from './admin/update-registration-token.ts'
import { checkUsernameAvailability } from './client/account-registration/check-username-availability.ts'
import { register } from './client/account-registration/register.ts'
import { registrationTokenValidity } from './client/account-registration/registration-token-validity.ts'
import { getCapabilities } from './client/capabilities-negotiation/get-capabilities.ts'
import { getTokenOwner } from './client/current-account-information/get-token-owner.ts'
import { defineFilter } from './client/filtering/define-filter.ts'
import { getFilter } from './client/filtering/get-filter.ts'
import { generateLoginToken } from './client/login/generate-login-token.ts'
import { getLoginFlows } from './client/login/get-login-flows.ts'
import { login } from './client/login/login.ts'
import { logoutAll } from './client/login/logout-all.ts'
import { logout } from './client/login/logout.ts'
import { deleteProfileField } from './client/profiles/delete-profile-field.ts'
import { getProfileField } from './client/profiles/get-profile-field.ts'
import { getUserProfile } from './client/profiles/get-user-profile.ts'
import { setProfileField } from './client/profiles/set-profile-field.ts'
import { getVersions } from './client/server-discovery/get-versions.ts'
import { getWellknown } from './well-known/get-wellknown.ts'

/** Every endpoint of the server. What is not in here does not exist and answers `M_UNRECOGNIZED`. */
export const routes: readonly Endpoint[] = [
  // accounts, sessions, profiles, filters, capabilities, administration
  createRegistrationToken,
  deleteRegistrationToken,
  getRegisterNonce,
  getRegistrationToken,
  listRegistrationTokens,
  registerBySharedSecret,
  updateRegistrationToken,
  checkUsernameAvailability,
  register,
  registrationTokenValidity,
  getCapabilities,
  getTokenOwner,
  defineFilter,
  getFilter,
  generateLoginToken,
  getLoginFlows,
  login,
  logoutAll,
  logout,
  deleteProfileField,
  getProfileField,
  getUserProfile,
  setProfileField,
  getVersions,
  getWellknown,
  // rooms
  // sync, receipts, typing, push rules, account data
]
