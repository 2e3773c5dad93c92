// Stands where opencode stands: loads the plugin, calls its hooks in order, and tells what came of
// each. Reads [{"hook", "input", "output"}, ...] from standard input; writes the same with "error",
// "output" and "millis". As opencode does, it does not wait for "event".
import { readFileSync } from "node:fs"

const plugin = await import(process.argv[2])
const functions = Object.values(plugin).filter((value) => typeof value === "function")
if (functions.length !== 1) throw new Error("expected one export that is a function, found " + functions.length)
const hooks = await functions[0]({ directory: process.argv[3], worktree: process.argv[3], serverUrl: new URL("http://localhost:4096/") })

const results = []
for (const step of JSON.parse(readFileSync(0, "utf8"))) {
  const output = step.output ?? {}
  if (typeof output.fill === "number") output.output = "HEAD" + "x".repeat(output.fill) + "TAIL"
  const began = performance.now()
  let error = null
  try {
    if (step.hook === "event") {
      void hooks.event({ event: step.input })
    } else {
      await hooks[step.hook](step.input, output)
    }
  } catch (e) {
    error = e.message
  }
  results.push({ hook: step.hook, error, millis: performance.now() - began, output: output.fill ? {} : output })
}
console.log(JSON.stringify(results))
