#!/bin/sh
# Codex and Gemini CLI, any command hook: agent-hook.sh codex, agent-hook.sh gemini-cli. Hands what
# the agent writes to its standard input to the collector, and prints what the collector answers:
# nothing, or a denial. Never keeps the agent from working: without a collector it does nothing.
# docs/enforcement.md, "Setting up other agents"; CUSTODY_HTTP names another collector.
collector="${CUSTODY_HTTP:-http://127.0.0.1:4319}"
post() {
  curl -sS --fail --noproxy '*' --max-time 2 \
    -H 'Content-Type: application/json' -H "X-Custody-Delegation: ${CUSTODY_DELEGATION:-}" \
    --data-binary @- "$collector$1" 2>/dev/null
}
if [ -n "${CODEX_ENV_FILE:-}" ]; then
  # A session starts: Codex sources this file before each of its shell commands.
  started=$(cat)
  if lines=$(printf '%s' "$started" | post /sessions/environment); then
    printf '%s\n' "$lines" >>"$CODEX_ENV_FILE"
  fi
  printf '%s' "$started" | post "/hooks/$1"
else
  post "/hooks/$1"
fi
exit 0
