export { createReceipts } from './receipts.ts'
export type { Markers, Receipts, ReceiptType } from './receipts.ts'
