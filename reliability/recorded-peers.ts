// The rows of the table in their order, with what four other clients did: recorded once, all with
// default settings unless a row says otherwise, and not measured again here.

/** When, where and with what the other columns were recorded. */
export const RECORDED =
  "measured 22 November 2026 on Node 24.21, AWS SDK 3.1163.0, ai 7.0.173 with @ai-sdk/amazon-bedrock 5.0.101, @langchain/aws 1.4.5 with core 1.4.0, @strands-agents/sdk 1.19.0";

/** The names of the recorded columns. */
export const PEERS = ["AWS SDK", "AI SDK", "LangChain", "Strands"] as const;

/** A row but for what it measures. */
export interface RecordedRow {
  readonly name: string;
  readonly fault: string;
  /** In the order of `PEERS`. */
  readonly peers: readonly string[];
}

/**
 * Name, fault and outcomes, one row a line; a dash is what was not recorded, 'this' is code, SILENT a
 * success with a wrong or partial answer.
 */
const ROWS = `
rst-boundary | Reset (RST) between two frames | SILENT, part of the text | error | SILENT | error
fin-boundary | Closed (FIN) between two frames | SILENT | error | SILENT | error
cut-tls | The same over TLS, four ways (theirs: FIN, RST, GOAWAY, RST_STREAM; ours: FIN and RST, by length and chunked) | SILENT 4/4 | error 4/4 | SILENT 4/4 | error 4/4
rst-in-frame | Reset inside a frame | error | error | error | error
no-message-stop | Clean end of the body without 'messageStop' | SILENT, no stop reason | SILENT, stop reason 'other' | SILENT | error
sweep | An answer of 1,145 bytes cut at every byte, given as complete (theirs: clean end only; ours: clean end, FIN, RST × by length, chunked × clear, TLS × three ways to read) | 32 (20 without all the text) | 8 (5) | 32 (20) | 4 (0)
sweep-close-delimited | The same where the connection delimits the body | – | – | – | –
bit-flips | 3,054 single-bit flips, every third bit | all caught | all caught | all caught | all caught
flip-memory | – largest buffer reserved meanwhile | 5.9 GB | 8 MB | 5.9 GB | 4.7 GB
length-4g | A frame that claims 0xFFFFFFF0 bytes | no error in 25 s, 4.1 GB reserved | no error in 25 s, goes on buffering | no error, 4.1 GB | no error, 4.1 GB
captive-portal | 200 with a page of HTML | error (“Truncated event message”), 970 MB reserved | error (“Incomplete frame”) | error, 971 MB | error, 971 MB
stall | Silence after two deltas | SILENT, part of the text after 301 s | error after 303 s | error after 63 s | error after 123 s, not named a timeout
stall-per-call | – with a limit set (theirs: 'requestTimeout: 3000'; ours: 'idleMs' of the call) | SILENT, part of the text after 3.2 s | – | – | –
stall-tls | – on HTTP/1.1 with a limit set (ours: over TLS) | error at 3.2 s | – | – | –
no-head | No head of an answer at all | waiting at 400 s, resent at 300 s | waiting at 400 s, resent at 303 s | error at 62 s | error at 363 s, three times 120 s
throttle-first | 'throttlingException' as first frame (ours: also right after 'messageStart') | retried, ok | **not retried** | retried, ok | retried, ok
throttle-later | 'throttlingException' after some text | error | error part, 'textStream' just ends | error | error, not retried though its policy names throttling
error-frame | A frame of the kind 'error' | error | SILENT, passed over | error | error
unknown-exception | An exception of no known name | error | SILENT, passed over | error | error
new-event | An event and a delta from a newer service | tolerated | fails validation | throws | tolerated
invalid-json | A delta that is no JSON | error | error part, finish reason 'stop' | error | error
invalid-utf8 | A payload that is no UTF-8 | replaced, not told | replaced, not told | replaced, not told | replaced, not told
retry-after-4 | 429 with 'Retry-After: 4' | waits 4.0 s | 4.0 s | 4.0 s | 4.0 s
retry-after-20 | 429 with 'Retry-After: 20' | **resends after 5.5 s** | waits 20.1 s | 5.7 s | 5.3 s
unavailable-twice | 503 twice, then an answer | ok, 3 tries, 0.15 s | ok, 6 s | ok | ok
expired-token | 403 for an expired token, fresh keys to be had | fails, 1 try | fails, 1 try | fails, 1 try | fails, 1 try
clock-skew | Clocks one hour apart | corrected, 1 resend | **fails** | corrected | corrected
html-502 | 502 with a page of HTML | 'SyntaxError', unexpected token | readable error | 'SyntaxError' | text of a 'SyntaxError'
redirect | 307 to another origin | refused | **followed: session token and prompt went there, its answer was taken** | refused | refused
endless-400 | 400 with an endless body, 1 GiB on offer | reads it all, +2.1 GB of memory | +2.2 GB | +2.1 GB | +2.1 GB
gzip-400 | 400 with 1 MB of gzip that holds 1 GiB | not inflated, 'SyntaxError' | **+2.3 GB, not done after 25 s** | not inflated | not inflated
stale-socket | A kept connection reset as it is used again | resent, ok | resent after 2 s, ok | ok | ok
abort-closes | Abort after four deltas: the server sees the close after | 10 ms | 9 ms | 14 ms | 17 ms
abort-seen | – and the caller sees | **a normal end of the loop** | abort part, nothing thrown | AbortError | stop reason 'cancelled'
slow-reader | A reader who sleeps 5 s over 320 MB: what the server got rid of | < 1 MB | 5 MB | < 1 MB | < 1 MB
cut-tool-input | Tool input cut off, stop reason 'tool_use' | raw text | marked invalid | **repaired, and given as a call** | error
proto-in-tool-input | '__proto__' as a key of tool input | raw text | refused | own key | key dropped
one-id-twice | Two tool calls with one id | – | both run | – | both run
unknown-tool | A tool that does not exist | – | error part | – | error result, goes on
tool-loop | A model that calls a tool every time | – | stops after 1 step | – | **374 calls of the model in 8 s, no end**
tool-hang | A tool that never returns, watched for 8 s | – | waits | – | waits
`;

/** All rows, in the order of the table. */
export const RECORDED_ROWS: readonly RecordedRow[] = ROWS.trim()
  .split("\n")
  .map((line) => {
    const [name = "", fault = "", ...peers] = line
      .replaceAll("SILENT", "**silent**")
      .replaceAll("'", "`")
      .split("|")
      .map((cell) => cell.trim());
    return { name, fault, peers };
  });
