package dev.custody.hook;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What of a wire is on this machine.
 *
 * @param wire which
 * @param files where it is set up
 * @param state how whole it is
 * @param ports collectors' ports that it speaks to
 * @param missing what is not as it would be installed now
 * @param notes what else the user should know
 */
public record WireStatus(
    Wire wire,
    List<Path> files,
    State state,
    Set<Integer> ports,
    List<String> missing,
    List<String> notes) {
  /** How whole it is. */
  public enum State {
    INSTALLED("installed"),
    PARTLY("partly installed"),
    OTHER_PORT("installed for another port"),
    NOT_INSTALLED("not installed");

    private final String words;

    State(String words) {
      this.words = words;
    }

    /** For people. */
    public String words() {
      return words;
    }
  }

  /** Copies. */
  public WireStatus {
    files = List.copyOf(files);
    ports = Set.copyOf(ports);
    missing = List.copyOf(missing);
    notes = List.copyOf(notes);
  }

  static WireStatus of(
      Wire wire,
      List<Path> files,
      int port,
      Set<Integer> ports,
      List<String> missing,
      List<String> notes) {
    State state =
        ports.isEmpty()
            ? State.NOT_INSTALLED
            : missing.isEmpty()
                ? State.INSTALLED
                : ports.contains(port) ? State.PARTLY : State.OTHER_PORT;
    return new WireStatus(
        wire, files, state, ports, state == State.NOT_INSTALLED ? List.of() : missing, notes);
  }
}
