package dev.custody.campaign;

import dev.custody.campaign.Tally.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a campaign has done so far, in a file where one is named: a shard is written in one go when
 * it is done, and only when nothing in it was bad, so what was bad is seen again.
 */
final class CampaignState {
  private static final String DONE = "done";

  private final @Nullable Path file;
  private final Set<Long> done = new HashSet<>();
  private final Tally tally = new Tally();

  private CampaignState(@Nullable Path file) {
    this.file = file;
  }

  /** Kept nowhere. */
  static CampaignState inMemory() {
    return new CampaignState(null);
  }

  /**
   * What {@code file} holds of the campaign that {@code heading} names; a new file where there is
   * none.
   *
   * @throws IOException when it is the file of another campaign
   */
  static CampaignState of(Path file, String heading) throws IOException {
    CampaignState state = new CampaignState(file);
    if (Files.exists(file)) {
      state.read(Files.readAllLines(file), heading);
    } else {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, heading + "\n");
    }
    return state;
  }

  private void read(List<String> lines, String heading) throws IOException {
    if (lines.isEmpty() || !lines.getFirst().equals(heading)) {
      throw new IOException(
          "expected the state of '%s', found that of '%s'; name another file"
              .formatted(heading, lines.isEmpty() ? "" : lines.getFirst()));
    }
    Map<Long, Tally> shards = new HashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split("\t", -1);
      if (cells.length == 2 && cells[1].equals(DONE)) {
        done.add(Long.parseLong(cells[0]));
      } else if (cells.length == 5) {
        shards
            .computeIfAbsent(Long.parseLong(cells[0]), _ -> new Tally())
            .add(new Kind(cells[1], Outcome.valueOf(cells[2]), cells[3]), Long.parseLong(cells[4]));
      }
    }
    shards.forEach((first, shard) -> {
      if (done.contains(first)) {
        tally.add(shard);
      }
    });
  }

  boolean holds(long first) {
    return done.contains(first);
  }

  void add(long first, Tally shard) throws IOException {
    tally.add(shard);
    if (file == null || shard.bad() > 0) {
      return;
    }
    StringBuilder lines = new StringBuilder();
    shard
        .counts()
        .forEach((kind, count) ->
            lines.append(
                "%d\t%s\t%s\t%s\t%d\n"
                    .formatted(first, kind.operator(), kind.outcome(), kind.verdict(), count)));
    lines.append(first).append('\t').append(DONE).append('\n');
    Files.writeString(file, lines, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
  }

  Tally tally() {
    return tally;
  }
}
