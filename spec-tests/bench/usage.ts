/** What `npm run bench` prints when its arguments make no sense, and `--help`. */
export const USAGE = `npm run bench -- <scenario…> [options]

Scenarios
  send          text messages into one room, one after another per client
  send-many     the same spread over 50 rooms
  fanout        100 long polls receive 20 messages
  initial-sync  first /sync of fresh users in 500 rooms made by others
  idle-sync     incremental /sync of a user in 500 rooms in which nothing happened
  create-join   createRoom by 8 clients, then joins
  messages      /messages in pages of 100 from the end of a long room to its start
  directory     first pages of the room directory and the user directory (a Hearth; needs the database)
  search        first pages of searches over many messages, once the index has them all
  push          a message into a room of one member and of many, each with push rules
  stall         how long others wait while users in 500 rooms sync for the first time
  footprint     memory idle, with many events and many long polls; database per event; cold start
  sql-per-send  transactions and statements for each send and each idle sync (needs the database)
  scale         send-many with one worker and with two (starts Hearth itself)
  soak          a steady load for minutes: memory, p99 and extremities stay where they are
  state-sim     room state under forks, without a server (options of its own)

Server under test: each option once for every --url, in the same order; "-" leaves one out
  --url URL           any Matrix server with open dummy registration; "hearth" starts one (default)
  --pids 1,2          its processes, for CPU and memory
  --pg-pid 3          its postmaster
  --users FILE        accounts where registration is closed: a user id and a token on each line
  --database-url URL  its Postgres, for statement counts and sizes

Load
  --clients 1,8,32    (default 1,8,32 for send; 8 for create-join and soak; else 32)
  --seconds N         at least so long a run                        (default 5)
  --warm-up N         the same load before, not measured            (default 5)
  --at-least N        and at least so many requests, and in push    (default 2000)
  --rooms N           rooms of the user of initial-sync, idle-sync, stall (default 500)
                      rooms of directory, with ten users for each: 10000 for its figure
  --samples N         users of initial-sync and stall               (default 5)
  --receivers N       long polls of fanout                          (default 100)
  --members N         members of the room of push                   (default 1000)
  --texts N           messages of fanout                            (default 20)
  --events N,M        events of messages and footprint              (default 100000)
  --polls N           long polls of footprint                       (default 1000)
  --starts N          cold starts of footprint                      (default 3)
  --settle N          seconds of quiet before idle memory (30) and statement counts (11) are read
  --workers N,M       worker counts of scale                        (default 1,2)
  --minutes N         length of soak                                (default 10)
  --rate N            messages per second of soak                   (default 100)

Output
  --repeat N          runs each, then tells the median              (default 1; 3 with --check)
  --json              JSON lines only, no table
  --markdown FILE     the table goes to this file too
  --check             fails when CPU per operation is 15 % above the baseline
  --write-baseline    makes this run the baseline
  --baseline FILE     (default spec-tests/bench/baseline.json)
  --force             compare although the baseline is another machine's
`
