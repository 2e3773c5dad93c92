package dev.custody.accuracy.play;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.accuracy.scenario.Step;
import dev.custody.accuracy.world.Machine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Plays steps in their order. Machines play side by side, but none is ahead of another by more than
 * a slice: so what comes late by more than that does come late.
 */
final class Player {
  private static final Duration SLICE = Duration.ofMinutes(5);
  private static final Pattern SESSION = Pattern.compile("app/@([^@]+)@");
  private static final String CLOUD = "the cloud's files";

  private final Map<String, Station> stations;
  private final Station trail;
  private final Cloud cloud;
  private final int threads;
  private final Map<String, String> tags = new ConcurrentHashMap<>();

  Player(Map<String, Station> stations, Station trail, Cloud cloud, int threads) {
    this.stations = Map.copyOf(stations);
    this.trail = trail;
    this.cloud = cloud;
    this.threads = threads;
  }

  void play(List<Step> steps) throws IOException, InterruptedException {
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      int from = 0;
      while (from < steps.size()) {
        Instant end = steps.get(from).at().plus(SLICE);
        int to = from;
        while (to < steps.size() && steps.get(to).at().isBefore(end)) {
          to++;
        }
        slice(pool, steps.subList(from, to));
        from = to;
      }
    }
  }

  private void slice(ExecutorService pool, List<Step> steps)
      throws IOException, InterruptedException {
    Map<String, List<Step>> byPlace = new LinkedHashMap<>();
    for (Step step : steps) {
      byPlace.computeIfAbsent(place(step), p -> new ArrayList<>()).add(step);
    }
    List<Future<?>> running = new ArrayList<>();
    byPlace
        .values()
        .forEach(those ->
            running.add(
                pool.submit(() -> {
                  for (Step step : those) {
                    play(step);
                  }
                  return null;
                })));
    for (Future<?> each : running) {
      try {
        var _ = each.get();
      } catch (ExecutionException e) {
        throw new IOException("a step could not be played: " + e.getCause(), e);
      }
    }
  }

  private static String place(Step step) {
    return switch (step) {
      case Step.Hook hook -> hook.machine().name();
      case Step.Telemetry telemetry -> telemetry.machine().name();
      case Step.Environment environment -> environment.machine().name();
      case Step.Grant grant -> grant.machine().name();
      case Step.Asks asks -> asks.machine().name();
      case Step.Change change -> change.machine().name();
      case Step.Trail _ -> CLOUD;
    };
  }

  private void play(Step step) throws IOException, InterruptedException {
    switch (step) {
      case Step.Hook hook -> {
        Station station = at(hook.machine());
        station.set(hook.at().plus(hook.machine().skew()));
        station.hook(cloud.filled(hook.body().get().toString()).getBytes(StandardCharsets.UTF_8));
      }
      case Step.Telemetry told -> {
        Station station = at(told.machine());
        station.set(told.at().plus(told.machine().skew()));
        station.telemetry(
            told.signal(),
            cloud.filled(told.body().get().toString()).getBytes(StandardCharsets.UTF_8));
      }
      case Step.Environment asks -> {
        Station station = at(asks.machine());
        station.set(asks.at().plus(asks.machine().skew()));
        String tag = station.tag(asks.session());
        tags.put(asks.session(), tag);
        asks.given().accept(tag);
      }
      case Step.Grant grant -> {
        Station station = at(grant.machine());
        station.set(grant.at().plus(grant.machine().skew()));
        station.grant(grant.human(), grant.delegation());
      }
      case Step.Asks asks -> {
        Station station = at(asks.machine());
        station.set(asks.at().plus(asks.machine().skew()));
        cloud.hand(asks, station);
      }
      case Step.Change change -> {
        Station station = stations.get(change.machine().name());
        if (station != null) {
          station.set(change.at().plus(change.machine().skew()));
        }
        change.action().run();
        if (station != null) {
          station.look();
        }
      }
      case Step.Trail file -> {
        trail.set(file.at());
        trail.trail(lines(file.records()));
      }
    }
  }

  private Station at(Machine machine) {
    Station station = stations.get(machine.name());
    if (station == null) {
      throw new IllegalStateException("no collector on " + machine.name());
    }
    return station;
  }

  // A tag is known once it was given: long before the provider delivers what carries it.
  private String tagged(ObjectNode record) {
    return SESSION
        .matcher(cloud.text(record))
        .replaceAll(session -> "app/" + tags.getOrDefault(session.group(1), "untagged"));
  }

  private byte[] lines(List<ObjectNode> records) {
    return records.stream()
        .map(this::tagged)
        .collect(Collectors.joining("\n"))
        .getBytes(StandardCharsets.UTF_8);
  }
}
