package dev.custody.act;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.shell.Shell;
import java.util.List;
import java.util.Set;

/**
 * What a command line or a call of a tool does. Lists have no element twice, stand in the order of
 * the text, and are bounded.
 *
 * @param acts what is done
 * @param programs names of the programs that are started
 * @param files files that are read or written, as they are named there
 * @param written those of them that are written or removed
 * @param hosts hosts that are connected to, loopback not among them
 * @param bytesOut bytes that are sent, as far as they stand there themselves; a lower bound
 * @param partlyRead whether something was left out because of a bound
 */
public record Acts(
    List<Act> acts,
    List<String> programs,
    List<String> files,
    List<String> written,
    List<String> hosts,
    long bytesOut,
    boolean partlyRead) {
  /** Nothing. */
  public static final Acts NONE =
      new Acts(List.of(), List.of(), List.of(), List.of(), List.of(), 0, false);

  /** Copies. */
  public Acts {
    acts = List.copyOf(acts);
    programs = List.copyOf(programs);
    files = List.copyOf(files);
    written = List.copyOf(written);
    hosts = List.copyOf(hosts);
  }

  /** What a shell would do with {@code command}. Total. */
  public static Acts ofCommand(String command) {
    Found found = new Found();
    new CommandActs(found).script(Shell.parse(command));
    return found.acts();
  }

  /**
   * What a call of an agent's tool does. Total: of a tool that is not known, what its input shows.
   *
   * @param tool its name, as the agent has it; {@code mcp__server__tool} for a server's
   * @param input what it is given
   */
  public static Acts ofTool(String tool, JsonNode input) {
    Found found = new Found();
    new ToolActs(found).tool(tool, input);
    return found.acts();
  }

  /** Whether an act of this name is among them. */
  public boolean has(ActName name) {
    return acts.stream().anyMatch(a -> a.name() == name);
  }

  /** Whether an act of one of these names is among them. */
  public boolean hasAny(Set<ActName> names) {
    return acts.stream().anyMatch(a -> names.contains(a.name()));
  }

  /** The targets of the acts of this name. */
  public List<String> targets(ActName name) {
    return acts.stream().filter(a -> a.name() == name).map(Act::target).distinct().toList();
  }
}
