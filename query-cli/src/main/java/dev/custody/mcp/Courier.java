package dev.custody.mcp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Hands in what waits in the outbox, in order, for as long as it takes; whatever the collector
 * does, only this thread waits for it.
 */
final class Courier implements Runnable {
  private static final String PATH = "/hooks/mcp";
  private static final String DELEGATION_HEADER = "X-Custody-Delegation";
  private static final int CONNECT_MILLIS = 1000;

  /** Longer than the collector takes for anything: a policy's deadline is 10 s at most. */
  private static final int ANSWER_MILLIS = 30_000;

  private static final long RETRY_MILLIS = 1000;
  private static final int MOST_ANSWER = 1 << 20;

  /** As much as the collector takes in one request. */
  private static final int MOST_BODY = 8 << 20;

  private final Outbox outbox;
  private final Surroundings around;
  private final Supplier<Optional<String>> collector;
  private final Supplier<Optional<String>> token;
  private volatile boolean hurry;

  Courier(Outbox outbox, Surroundings around, WrapperOptions options) {
    this.outbox = outbox;
    this.around = around;
    this.collector = options.collector();
    this.token = options.token();
  }

  /** From now on what fails is not tried again. */
  void hurry() {
    hurry = true;
  }

  @Override
  public void run() {
    try {
      for (List<Passage> taken = outbox.take(); !taken.isEmpty(); taken = outbox.take()) {
        if (!handIn(taken)) {
          outbox.putBack(taken);
          if (hurry) {
            return;
          }
          outbox.awaitReason(RETRY_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** False when it is to be tried again. */
  private boolean handIn(List<Passage> taken) {
    try {
      byte[] body = CollectorDelivery.write(around, taken);
      if (body.length > MOST_BODY) {
        return halves(taken);
      }
      Optional<String> address = collector.get();
      if (address.isEmpty()) {
        return false;
      }
      return post(address.get(), body, taken);
    } catch (IOException | RuntimeException e) {
      // Not reported: the traffic goes on, and the end of the run says what is missing.
      return false;
    }
  }

  private boolean post(String address, byte[] body, List<Passage> taken) throws IOException {
    HttpURLConnection http =
        (HttpURLConnection) URI.create(address + PATH).toURL().openConnection(Proxy.NO_PROXY);
    http.setConnectTimeout(CONNECT_MILLIS);
    http.setReadTimeout(ANSWER_MILLIS);
    http.setInstanceFollowRedirects(false);
    http.setRequestMethod("POST");
    http.setRequestProperty("Content-Type", "application/json");
    if (around.delegation() != null) {
      http.setRequestProperty(DELEGATION_HEADER, around.delegation());
    }
    token.get().ifPresent(t -> http.setRequestProperty("Authorization", "Bearer " + t));
    // Not streamed: head and body leave in one packet, and nothing waits for an acknowledgement.
    http.setDoOutput(true);
    try (OutputStream out = http.getOutputStream()) {
      out.write(body);
    }
    int status = http.getResponseCode();
    if (status == 200) {
      try (InputStream in = http.getInputStream()) {
        settle(taken, in.readNBytes(MOST_ANSWER));
      }
      return true;
    }
    http.disconnect();
    // Nothing is wrong with what is handed in: it waits for the right token.
    if (status == HttpURLConnection.HTTP_UNAUTHORIZED) {
      return false;
    }
    if (status / 100 == 4) {
      return halves(taken);
    }
    return false;
  }

  private static void settle(List<Passage> taken, byte[] answer) throws IOException {
    Ask ask = taken.getLast().ask();
    if (ask != null) {
      ask.settle(CollectorDelivery.verdict(answer));
    }
  }

  /** Finds the one that the collector does not take: that one is given up, the others are not. */
  private boolean halves(List<Passage> taken) {
    if (taken.size() == 1) {
      outbox.refused(taken);
      return true;
    }
    int half = taken.size() / 2;
    return handIn(taken.subList(0, half)) && handIn(taken.subList(half, taken.size()));
  }
}
