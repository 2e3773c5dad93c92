package dev.custody.accuracy.world;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the sources recorded of who had come to know what, and of what was run when: enough to say
 * whether an identifier leads from an act to one session or to several. It is read off the
 * generator's own script, never off what the product makes of it.
 *
 * <p>An identifier leads to one session when nobody else has it, or when a command of that session,
 * and of no other that has it, tells of the act: within the error of clocks it names the operation,
 * the key, or the program that called; or, when the clock is off by minutes, operation and
 * resource.
 */
public final class Clues {
  /** How far apart clocks of one organisation often are. */
  private static final Duration SECONDS = Duration.ofSeconds(10);

  /** How far they are apart at worst. */
  private static final Duration MINUTES = Duration.ofMinutes(5);

  private final Map<String, Map<String, Instant>> holders = new HashMap<>();
  private final Map<String, List<Ran>> commands = new HashMap<>();
  private final Map<String, Clue> byAct = new LinkedHashMap<>();
  private final Map<String, Clue> byIssued = new HashMap<>();

  private record Ran(Instant start, Instant end, String command) {
    boolean isNear(Instant moment, Duration within) {
      return !moment.isBefore(start.minus(within)) && !moment.isAfter(end.plus(within));
    }
  }

  /**
   * What leads from an act to a session.
   *
   * @param act key of the act
   * @param session who did it
   * @param at when, by the provider's clock
   * @param identifier the key id, or the ARN of the role session, that leads there
   * @param descends whether what leads there is only how the credential was got
   * @param owned whether a human, a service or another's program has it too
   * @param operation the operation as a command line has it: {@code s3api delete-bucket}
   * @param resources what it touches
   * @param program what runs the client, where its user agent tells; empty when it names the
   *     operation instead
   */
  public record Clue(
      String act,
      String session,
      Instant at,
      String identifier,
      boolean descends,
      boolean owned,
      String operation,
      Set<String> resources,
      String program) {
    /** Copies. */
    public Clue {
      resources = Set.copyOf(resources);
    }

    private boolean isToldBy(Ran ran) {
      Instant second = at.truncatedTo(ChronoUnit.SECONDS);
      boolean runs =
          ran.command.contains(identifier)
              || (program.isEmpty()
                  ? ran.command.contains(operation)
                  : ran.command.contains(program));
      boolean names =
          ran.command.contains(operation)
              && !resources.isEmpty()
              && resources.stream().allMatch(ran.command::contains);
      return (runs && ran.isNear(second, SECONDS)) || (names && ran.isNear(second, MINUTES));
    }
  }

  /** A session has come to know {@code identifier}, as its collector's clock says. */
  public synchronized void knows(String session, String identifier, Instant since) {
    holders
        .computeIfAbsent(identifier, i -> new HashMap<>())
        .merge(session, since, (a, b) -> a.isBefore(b) ? a : b);
  }

  /** A command of a session ran, as its collector's clock says. */
  public synchronized void ran(String session, Instant start, Instant end, String command) {
    commands.computeIfAbsent(session, s -> new ArrayList<>()).add(new Ran(start, end, command));
  }

  /**
   * An identifier leads to who did an act.
   *
   * @param issued the key that the act handed out, or null
   */
  public synchronized void add(Clue clue, @Nullable String issued) {
    byAct.put(clue.act, clue);
    if (issued != null) {
      byIssued.put(issued, clue);
    }
  }

  /** Whether what leads to the act's session leads to others as well. */
  synchronized boolean leadToSeveral(String act) {
    Clue clue = byAct.get(act);
    return clue != null && leadsToSeveral(clue);
  }

  private boolean leadsToSeveral(Clue clue) {
    Clue source = clue.descends ? byIssued.get(clue.identifier) : clue;
    if (source == null || (clue.descends && !leadsToSeveral(source))) {
      return source == null;
    }
    Set<String> others = others(source);
    return isTold(clue, clue.session)
        ? others.stream().anyMatch(other -> isTold(clue, other))
        : source.owned || !others.isEmpty();
  }

  private Set<String> others(Clue clue) {
    return holders.getOrDefault(clue.identifier, Map.of()).entrySet().stream()
        .filter(e -> !e.getKey().equals(clue.session) && !e.getValue().isAfter(clue.at))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private boolean isTold(Clue clue, String session) {
    return commands.getOrDefault(session, List.of()).stream().anyMatch(clue::isToldBy);
  }
}
