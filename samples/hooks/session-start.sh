#!/bin/sh
# Claude Code, SessionStart command hook: gives the session its tag, and records that it started.
# What stands in $CLAUDE_ENV_FILE is sourced before each of the session's shell commands. Never
# keeps the agent from starting: without a collector it does nothing.
# docs/enforcement.md, "Session tags"; CUSTODY_HTTP names another collector.
collector="${CUSTODY_HTTP:-http://127.0.0.1:4319}"
started=$(cat)
# A collector that listens beyond loopback asks for a token: the first line of $CUSTODY_TOKEN_FILE. It
# goes by a pipe, never as an argument, which everybody on the machine can see.
token=''
if [ -r "${CUSTODY_TOKEN_FILE:-}" ]; then
  token=$(grep -v -m 1 -e '^#' -e '^[[:space:]]*$' "$CUSTODY_TOKEN_FILE")
fi
post() {
  printf '%s' "$started" | {
    printf '%s' "${token:+Authorization: Bearer $token}" | curl -sS --fail --max-time 2 -H @- \
      -H 'Content-Type: application/json' -H "X-Custody-Delegation: ${CUSTODY_DELEGATION:-}" \
      --data-binary @/dev/fd/3 "$collector$1"
  } 3<&0
}
if [ -n "${CLAUDE_ENV_FILE:-}" ] && lines=$(post /sessions/environment 2>/dev/null); then
  printf '%s\n' "$lines" >>"$CLAUDE_ENV_FILE"
fi
post /hooks/claude-code >/dev/null 2>&1
exit 0
