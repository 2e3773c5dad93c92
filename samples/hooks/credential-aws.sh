#!/bin/sh
# An AWS credential_process without a JVM: what `custody credential aws` does, with curl.
#   [profile agent]
#   credential_process = /opt/custody/samples/hooks/credential-aws.sh
# Prints a credential for this agent session, or one line on standard error and exit code 1 or 2.
set -eu

refuse() { # exit code, reason
  printf 'custody: %s\n' "$2" >&2
  exit "$1"
}

plain() { # refuses what would have to be escaped in JSON
  case "$2" in
    *[!A-Za-z0-9_+=,.@:/-]*) refuse 2 "$1: expected letters, digits and _+=,.@:/- only, found another character" ;;
  esac
}

session=${CUSTODY_SESSION:-${CLAUDE_CODE_SESSION_ID:-${CODEX_SESSION_ID:-${CODEX_THREAD_ID:-}}}}
[ -n "$session" ] || refuse 2 'no agent session: expected CUSTODY_SESSION or the variable that the agent sets, found none'
plain CUSTODY_SESSION "$session"

collector=${CUSTODY_COLLECTOR:-}
if [ -z "$collector" ] && [ -r "${CUSTODY_DATA:-$HOME/.custody}/running" ]; then
  collector=$(sed -n 's/^http=//p' "${CUSTODY_DATA:-$HOME/.custody}/running")
fi
collector=${collector:-http://127.0.0.1:4319}

body="{\"session\":\"$session\""
if [ -n "${CUSTODY_DELEGATION:-}" ]; then
  plain CUSTODY_DELEGATION "$CUSTODY_DELEGATION"
  body="$body,\"delegation\":\"$CUSTODY_DELEGATION\""
fi
directory=$(pwd)
case "$directory" in
  *[!\ -~]*) ;; # without it the collector takes the session's own directory
  *) body="$body,\"cwd\":\"$(printf '%s' "$directory" | sed 's/[\\"]/\\&/g')\"" ;;
esac
body="$body}"

# The token that a collector may ask for: by a pipe, never as an argument, which everybody can see.
tokens=${CUSTODY_TOKEN_FILE:-${CUSTODY_DATA:-$HOME/.custody}/http.token} token=''
if [ -r "$tokens" ]; then
  token=$(grep -v -m 1 -e '^#' -e '^[[:space:]]*$' "$tokens") || token=''
fi

post() { # prints the answer, and its status on a line of its own
  printf '%s' "$body" | {
    printf '%s' "${token:+Authorization: Bearer $token}" | curl -sS --noproxy '*' --max-time 60 \
      -w '\n%{http_code}' -H @- -H 'Content-Type: application/json' --data-binary @/dev/fd/3 \
      "${collector%/}/credentials/aws" 2>/dev/null
  } 3<&0
}

answer=$(post) ||
  refuse 2 "the collector at $collector does not answer; is custody up running?"
status=${answer##*
}
json=${answer%
*}
[ "$status" = 200 ] ||
  refuse 1 "$(printf '%s' "$json" | sed -n 's/^{"error":"\(.*\)"}$/\1/p' | sed 's/\\\(.\)/\1/g')"
printf '%s\n' "$json"
