/** The server name of every migrated test database. */
export const TEST_SERVER_NAME = 'test.example'
