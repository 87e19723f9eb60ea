import { Reports, type ReportsDeps } from './reports.ts'
import { Restrictions, type RestrictionsDeps } from './restrictions.ts'
import { Suspension } from './suspension.ts'

/** What administrators do about accounts, and what users tell them. */
export function createModeration(deps: RestrictionsDeps & ReportsDeps) {
  return {
    restrictions: new Restrictions(deps),
    reports: new Reports(deps),
    suspension: new Suspension(deps.reads),
  }
}
