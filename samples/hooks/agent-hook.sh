#!/bin/sh
# Codex and Gemini CLI, any command hook: agent-hook.sh codex, agent-hook.sh gemini-cli. Hands what
# the agent writes to its standard input to the collector, and prints what the collector answers:
# nothing, or a denial. Never keeps the agent from working: without a collector it does nothing.
# docs/enforcement.md, "Setting up other agents"; CUSTODY_HTTP names another collector.
collector="${CUSTODY_HTTP:-http://127.0.0.1:4319}"
# A collector that listens beyond loopback asks for a token: the first line of $CUSTODY_TOKEN_FILE. It
# goes by a pipe, never as an argument, which everybody on the machine can see.
token=''
if [ -r "${CUSTODY_TOKEN_FILE:-}" ]; then
  token=$(grep -v -m 1 -e '^#' -e '^[[:space:]]*$' "$CUSTODY_TOKEN_FILE")
fi
post() {
  { printf '%s' "${token:+Authorization: Bearer $token}" | curl -sS --fail --noproxy '*' --max-time 2 -H @- \
    -H 'Content-Type: application/json' -H "X-Custody-Delegation: ${CUSTODY_DELEGATION:-}" \
    --data-binary @/dev/fd/3 "$collector$1" 2>/dev/null; } 3<&0
}
if [ -n "${CODEX_ENV_FILE:-}" ]; then
  # A session starts: Codex sources this file before each of its shell commands.
  started=$(cat)
  if lines=$(printf '%s' "$started" | post /sessions/environment); then
    printf '%s\n' "$lines" >>"$CODEX_ENV_FILE"
  fi
  printf '%s' "$started" | post "/hooks/$1"
else
  # An agent's own pipe may be a socket, which curl cannot open by its name.
  cat | post "/hooks/$1"
fi
exit 0
