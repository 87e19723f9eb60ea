import type { Device } from '#services/sessions/index.ts'

/** A device as answers carry it; what is not known is left out. */
export function deviceBody({ deviceId, displayName, lastSeenIp, lastSeenTs }: Device) {
  return {
    device_id: deviceId,
    ...(displayName !== null && { display_name: displayName }),
    ...(lastSeenIp !== null && { last_seen_ip: lastSeenIp }),
    ...(lastSeenTs !== null && { last_seen_ts: lastSeenTs }),
  }
}
