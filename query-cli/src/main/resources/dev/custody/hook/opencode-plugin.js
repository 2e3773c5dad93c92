// Custody's plugin for opencode: tells a collector on this machine what the agent does, and carries
// its answer back before a tool runs. Copy it to ~/.config/opencode/plugins/ or to
// .opencode/plugins/ of a project. docs/events.md, "opencode"; docs/enforcement.md.
//
// It never keeps the agent from working: whatever fails here, and a collector that is not there, is
// passed over after at most 1.5 seconds. Only a denial that the collector answered stops a tool.
//
// CUSTODY_HTTP names another collector, CUSTODY_DELEGATION the delegation to work under,
// CUSTODY_TOKEN_FILE the file of the token that a collector beyond this machine asks for.
import fs from "node:fs"
import http from "node:http"

const COLLECTOR = process.env.CUSTODY_HTTP || "http://127.0.0.1:4319"
const TOKEN_FILE = process.env.CUSTODY_TOKEN_FILE || ""
const LONGEST_WAIT = 1500
const PAUSE_AFTER_FAILURE = 5000
const MOST_WAITING = 2000
const MOST_SESSIONS = 1000
const MOST_BYTES = 7 << 20
const LONGEST_ANSWER = 64 << 10

/** The first token of the file, read anew: it may be changed; null without one. */
function token() {
  try {
    const words = fs.readFileSync(TOKEN_FILE, "latin1").split("\n").map((line) => line.trim())
    const first = words.find((word) => word && !word.startsWith("#"))
    return first && /^[A-Za-z0-9._~+/=-]+$/.test(first) ? first : null
  } catch {
    return null
  }
}

/** POSTs a body; its answer's text, or null for whatever else happens. */
function post(path, body) {
  return new Promise((resolve) => {
    let request
    const timer = setTimeout(() => finish(null), LONGEST_WAIT)
    const finish = (answer) => {
      clearTimeout(timer)
      resolve(answer)
      if (answer === null && request) request.destroy()
    }
    try {
      const bytes = Buffer.from(body, "utf8")
      const headers = { "Content-Type": "application/json", "Content-Length": bytes.length }
      const delegation = process.env.CUSTODY_DELEGATION
      if (delegation) headers["X-Custody-Delegation"] = delegation
      const bearer = token()
      if (bearer) headers["Authorization"] = "Bearer " + bearer
      // node:http and not fetch: what an agent does is for this machine, not for a proxy.
      request = http.request(new URL(path, COLLECTOR), { method: "POST", headers, agent: false }, (response) => {
        let text = ""
        response.setEncoding("utf8")
        response.on("data", (chunk) => {
          text += chunk
          if (text.length > LONGEST_ANSWER) finish(null)
        })
        response.on("end", () => finish(response.statusCode === 200 ? text : null))
        response.on("error", () => finish(null))
      })
      request.on("error", () => finish(null))
      request.end(bytes)
    } catch {
      finish(null)
    }
  })
}

/** JSON of a value within what the collector takes: of longer texts head and tail stay. */
function json(value) {
  for (const longest of [Infinity, 1 << 20, 64 << 10, 1 << 10]) {
    const text = JSON.stringify(value, (_, v) => (typeof v === "string" ? shortened(v, longest) : typeof v === "bigint" ? String(v) : v))
    if (Buffer.byteLength(text, "utf8") <= MOST_BYTES) return text
  }
  return null
}

function shortened(text, longest) {
  if (text.length <= longest) return text
  const half = longest / 2
  return text.slice(0, half) + "…[" + (text.length - longest) + " characters omitted]…" + text.slice(-half)
}

/**
 * What a collector gives to a session's shells, and the one form of each value: while no collector
 * runs anybody on the machine can have its port.
 */
const VARIABLES = {
  AWS_SDK_UA_APP_ID: /^(custody-[0-9a-f]{20})$/,
  TF_APPEND_USER_AGENT: /^(app\/custody-[0-9a-f]{20})$/,
  CUSTODY_SESSION_TAG: /^(custody-[0-9a-f]{20})$/,
  CUSTODY_SESSION: /^'([!-&(-~]+)'$/,
}

/** The variables in shell lines such as: export NAME='value' */
function variables(lines) {
  const found = {}
  for (const line of lines.split("\n")) {
    const match = /^export ([A-Z_]+)=(.*)$/.exec(line)
    const value = match && Object.hasOwn(VARIABLES, match[1]) ? VARIABLES[match[1]].exec(match[2]) : null
    if (value) found[match[1]] = value[1]
  }
  return found
}

function remember(map, key, value) {
  map.set(key, value)
  if (map.size > MOST_SESSIONS) map.delete(map.keys().next().value)
}

/** Of what an event adds nothing to: pieces of a text, and tools that tool.execute.* tell of. */
function isPiece(event) {
  const part = event?.properties?.part
  if (event?.type === "message.part.delta") return true
  if (event?.type !== "message.part.updated") return false
  return event.properties.delta !== undefined || (part?.type === "tool" && part?.state?.status !== "error")
}

export const Custody = async ({ directory, worktree, project, serverUrl } = {}) => {
  const parents = new Map()
  const directories = new Map()
  const environments = new Map()
  let version
  let missed = 0
  let failedAt = 0
  let waiting = 0
  let queue = Promise.resolve()

  const root = (session) => {
    for (let i = 0, at = session; i < 64; i++) {
      const parent = parents.get(at)
      if (!parent) return at
      at = parent
    }
    return session
  }

  const learn = (event) => {
    const info = event?.properties?.info
    if (!String(event?.type).startsWith("session.") || typeof info?.id !== "string") return
    if (typeof info.version === "string") version = info.version
    if (typeof info.directory === "string") remember(directories, info.id, info.directory)
    if (typeof info.parentID === "string") remember(parents, info.id, info.parentID)
  }

  /** Sends one callback; the collector's answer, null without one. */
  const send = async (hook, input, output, session) => {
    try {
      const body = { hook, at: new Date().toISOString() }
      body.directory = directories.get(session) ?? directory
      if (version) body.version = version
      if (parents.has(session)) body.parentID = parents.get(session)
      if (missed) body.missed = missed
      const counted = missed
      const text = json({ ...body, input, output })
      const answer = text === null ? null : await post("/hooks/opencode", text)
      if (answer === null) {
        missed++
        failedAt = Date.now()
        return null
      }
      missed -= counted
      return answer
    } catch {
      missed++
      return null
    }
  }

  /** Sends behind the agent's back, in order. What is sent is as it is now. */
  const later = (hook, input, output, session) => {
    if (waiting >= MOST_WAITING) {
      missed++
      return
    }
    waiting++
    const copy = structuredCloneOrNull({ input, output })
    queue = queue.then(() => send(hook, copy?.input, copy?.output, session)).finally(() => waiting--)
  }

  /** Sends and waits, unless the collector failed a moment ago. */
  const soon = async (hook, input, output, session) => {
    if (Date.now() - failedAt < PAUSE_AFTER_FAILURE) later(hook, input, output, session)
    else await send(hook, input, output, session)
  }

  const denial = (answer) => {
    try {
      const told = answer ? JSON.parse(answer) : null
      return told?.decision === "deny" ? String(told.reason || "denied") : null
    } catch {
      return null
    }
  }

  const environment = async (session) => {
    const known = environments.get(session)
    if (known) return known
    if (Date.now() - failedAt < PAUSE_AFTER_FAILURE) return {}
    const lines = await post("/sessions/environment", JSON.stringify({ session_id: session }))
    if (lines === null) {
      failedAt = Date.now()
      return {}
    }
    const given = variables(lines)
    remember(environments, session, given)
    return given
  }

  /** A callback that never throws. */
  const quiet = (callback) => async (...args) => {
    try {
      await callback(...args)
    } catch {
      missed++
    }
  }

  later("plugin.init", { directory, worktree, serverUrl: serverUrl && String(serverUrl), project }, undefined, undefined)

  return {
    event: quiet(async ({ event }) => {
      learn(event)
      if (!isPiece(event)) later("event:" + event.type, event, undefined, event.properties?.sessionID ?? event.properties?.info?.id)
    }),
    "chat.message": quiet((input, output) => soon("chat.message", input, output, input.sessionID)),
    "permission.ask": quiet(async (input, output) => later("permission.ask", input, output, input.sessionID)),
    "tool.execute.before": async (input, output) => {
      const reason = denial(await send("tool.execute.before", input, output, input?.sessionID))
      if (reason !== null) throw new Error(reason)
    },
    "tool.execute.after": quiet((input, output) => soon("tool.execute.after", input, output, input.sessionID)),
    "shell.env": quiet(async (input, output) => {
      if (input.sessionID) Object.assign(output.env, await environment(root(input.sessionID)))
      // Names and not values: an environment is where secrets are.
      later("shell.env", input, { env: Object.keys(output.env) }, input.sessionID)
    }),
  }
}

/** A copy that later changes do not reach; null for what cannot be copied. */
function structuredCloneOrNull(value) {
  try {
    return JSON.parse(json(value))
  } catch {
    return null
  }
}
