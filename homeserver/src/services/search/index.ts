export { SearchIndexer } from './indexer.ts'
export { createSearch } from './search.ts'
export { SEARCH_KEYS } from './searchable-text.ts'
