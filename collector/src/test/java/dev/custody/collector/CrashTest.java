package dev.custody.collector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.admission.VerifiedEvent;
import dev.custody.chain.Link;
import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.publish.Outlet;
import dev.custody.publish.Publisher;
import dev.custody.spool.Spool;
import dev.custody.spool.SpoolException;
import dev.custody.spool.SpoolLimits;
import dev.custody.spool.Spooled;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Collectors in processes of their own, each killed at some moment (SIGKILL). */
class CrashTest {
  private static final int ROUNDS = 6;
  private static final int THREADS = 4;

  @TempDir Path directory;

  @Test
  void aCrashAtAnyMomentLosesNothingAcknowledgedAndForksNothing() throws Exception {
    long seed = Long.getLong("custody.seed", System.nanoTime());
    System.out.println("custody.seed=" + seed);
    Random random = new Random(seed);
    Organisation organisation = Organisation.in(directory);
    List<String> acknowledged = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      acknowledged.addAll(runAndKill(round, random));
    }

    List<Spooled> all = readLog(directory.resolve("log"));
    int published = all.size();
    try (Spool spool = Spool.open(directory.resolve("spool"), SpoolLimits.DEFAULT)) {
      all.addAll(Organisation.all(spool));
    }
    // Admitted in order, each intact or the same again: no gap, no second #n.
    List<VerifiedEvent> events = organisation.verify(all);

    List<String> recorded =
        events.stream().map(e -> e.event().prompt()).filter(Objects::nonNull).toList();
    assertThat(recorded).as("seed %d", seed).doesNotHaveDuplicates().containsAll(acknowledged);
    assertThat(published).as("something was published, seed %d", seed).isPositive();
    assertThat(acknowledged).hasSizeGreaterThan(ROUNDS);
    eachGenesisNamesTheLastPositionBefore(events, seed);
  }

  private static void eachGenesisNamesTheLastPositionBefore(List<VerifiedEvent> events, long seed) {
    VerifiedEvent before = null;
    int chains = 0;
    for (VerifiedEvent event : events) {
      if (event.event().body() instanceof Body.Genesis genesis) {
        chains++;
        assertThat(genesis.predecessor()).as("seed %d", seed).isEqualTo(endOf(before));
      }
      before = event;
    }
    assertThat(chains).isEqualTo(ROUNDS);
  }

  private static Body.@Nullable Predecessor endOf(@Nullable VerifiedEvent last) {
    return last == null
        ? null
        : new Body.Predecessor(
            last.envelope().chain(), last.envelope().sequence(), Link.of(last.envelope()).hash());
  }

  private List<String> runAndKill(int round, Random random) throws Exception {
    Process child =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                CrashTest.class.getName(),
                directory.toString(),
                "round-" + round)
            .redirectError(directory.resolve("child-" + round + ".err").toFile())
            .start();
    int enough = 1 + random.nextInt(3000);
    List<String> acknowledged = new ArrayList<>();
    try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      while (line != null && acknowledged.size() < enough) {
        acknowledged.add(line);
        line = out.readLine();
      }
      // By its handle: Process itself would close the stream that is still to be read.
      child.toHandle().destroyForcibly();
      // What it said before it died counts; a line cut short does not.
      while (line != null) {
        if (line.endsWith(".")) {
          acknowledged.add(line);
        }
        line = out.readLine();
      }
    }
    child.waitFor();
    assertThat(acknowledged)
        .as("child: %s", Files.readString(directory.resolve("child-" + round + ".err")))
        .hasSizeGreaterThanOrEqualTo(enough);
    return acknowledged;
  }

  /** The child: records without end, and says what was acknowledged. */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    Organisation organisation = Organisation.in(directory);
    Spool spool = Spool.open(directory.resolve("spool"), SpoolLimits.DEFAULT);
    Publisher publisher = Publisher.start(spool, () -> new FileOutlet(directory.resolve("log")));
    ChainWriter writer =
        ChainWriter.start(
            spool, organisation.signer(), organisation.own(), () -> false, publisher::wake);
    for (int i = 0; i < THREADS; i++) {
      String name = args[1] + "/" + i;
      Thread.ofPlatform().start(() -> record(writer, name));
    }
  }

  private static void record(ChainWriter writer, String name) {
    for (int i = 0; ; i++) {
      List<Event> events = new ArrayList<>();
      for (int j = 0; j <= i % 7; j++) {
        events.add(Organisation.prompt(name, name + "/" + i + "/" + j + "."));
      }
      try {
        writer.record(events);
      } catch (dev.custody.capture.CaptureException e) {
        throw new IllegalStateException(e);
      }
      StringBuilder lines = new StringBuilder();
      events.forEach(e -> lines.append(e.prompt()).append('\n'));
      byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
      synchronized (System.out) {
        System.out.write(bytes, 0, bytes.length);
        System.out.flush();
      }
    }
  }

  /** A log in a file: what was written outlives the process. */
  private static final class FileOutlet implements Outlet {
    private final Path file;
    private final DataOutputStream out;

    FileOutlet(Path file) {
      this.file = file;
      try {
        out = new DataOutputStream(new FileOutputStream(file.toFile(), true));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void send(Spooled envelope, Answer answer) {
      byte[] bytes = envelope.envelope().toByteArray();
      byte[] row =
          java.nio.ByteBuffer.allocate(28 + bytes.length)
              .putInt(bytes.length)
              .put(envelope.chain().asByteBuffer())
              .putLong(envelope.observedAtMillis())
              .put(bytes)
              .array();
      try {
        // One write of the operating system: whole, or cut short by the kill.
        out.write(row);
        answer.arrived(null);
      } catch (IOException e) {
        answer.arrived(e);
      }
    }

    @Override
    public void readBack(ChainId chain, long sinceMillis, Reader reader) throws SpoolException {
      try {
        for (Spooled held : readLog(file)) {
          if (held.chain().equals(chain)) {
            reader.value(held.envelope());
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      try {
        out.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static List<Spooled> readLog(Path file) throws IOException {
    List<Spooled> log = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      for (long at = 0; ; at++) {
        int size = in.readInt();
        byte[] chain = in.readNBytes(ChainId.SIZE);
        long observedAt = in.readLong();
        byte[] envelope = in.readNBytes(size);
        log.add(new Spooled(at, new ChainId(chain), observedAt, new Bytes(envelope)));
      }
    } catch (EOFException e) {
      return log;
    }
  }
}
