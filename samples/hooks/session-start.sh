#!/bin/sh
# Claude Code, SessionStart command hook: gives the session its tag, and records that it started.
# What stands in $CLAUDE_ENV_FILE is sourced before each of the session's shell commands. Never
# keeps the agent from starting: without a collector it does nothing.
# docs/enforcement.md, "Session tags"; CUSTODY_HTTP names another collector.
collector="${CUSTODY_HTTP:-http://127.0.0.1:4319}"
started=$(cat)
post() {
  printf '%s' "$started" | curl -sS --fail --max-time 2 \
    -H 'Content-Type: application/json' -H "X-Custody-Delegation: ${CUSTODY_DELEGATION:-}" \
    --data-binary @- "$collector$1"
}
if [ -n "${CLAUDE_ENV_FILE:-}" ] && lines=$(post /sessions/environment 2>/dev/null); then
  printf '%s\n' "$lines" >>"$CLAUDE_ENV_FILE"
fi
post /hooks/claude-code >/dev/null 2>&1
exit 0
