import type { Viewer } from '#services/timeline/index.ts'
import { resultJson } from './result-json.ts'
import { resultPage } from './result-page.ts'
import type { SearchDeps, SearchRequest } from './types.ts'

/** Finds events by words, in the rooms that a user has been in. */
export interface Search {
  /**
   * The `room_events` of an answer, as JSON text. Includes everything that was sent before.
   * https://spec.matrix.org/v1.19/client-server-api/#server-side-search
   * @throws {MatrixError} 400 `M_INVALID_PARAM` for a bad token
   */
  roomEvents(viewer: Viewer, request: SearchRequest): Promise<string>
}

/** Makes the service; one per worker. */
export function createSearch(deps: SearchDeps): Search {
  return {
    async roomEvents(viewer, request) {
      await deps.indexer.catchUp()
      const page = await resultPage(deps, viewer, request)
      return await resultJson(deps, viewer, request, page)
    },
  }
}
