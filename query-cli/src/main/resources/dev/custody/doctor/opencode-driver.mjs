// Stands where opencode stands: loads the plugin and tells it of one event, which is a probe. What the
// collector knows the two callbacks by that come of it is in dev.custody.probe.
const [plugin, session] = process.argv.slice(2)
const { Custody } = await import(plugin)
const hooks = await Custody({ directory: "custody-probe-directory", project: { id: "CustodyProbe" } })
await hooks.event({ event: { type: "CustodyProbe", properties: { sessionID: session } } })
