package dev.custody.local;

import dev.custody.identity.Delegation;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import dev.custody.signing.KeyException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;

/** Where a human's delegation is signed, with the human's own key, and handed to the collector. */
public final class DelegationDesk {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 6;

  private DelegationDesk() {}

  /**
   * What a human wants to delegate.
   *
   * @param human who
   * @param delegate to whom
   * @param actions patterns of actions
   * @param resources patterns of resources
   * @param notBefore start, inclusive
   * @param expiresAt end, exclusive
   * @param purpose why; may be empty
   */
  public record Request(
      String human,
      SpiffeId delegate,
      List<String> actions,
      List<String> resources,
      Instant notBefore,
      Instant expiresAt,
      String purpose) {
    /** Whole seconds: a token knows no others. */
    public Request {
      actions = List.copyOf(actions);
      resources = List.copyOf(resources);
      notBefore = notBefore.truncatedTo(ChronoUnit.SECONDS);
      expiresAt = expiresAt.truncatedTo(ChronoUnit.SECONDS);
    }
  }

  /**
   * Signs and delivers; answers the delegation's id.
   *
   * @throws KeyException when the human's key cannot be used
   * @throws IOException when the collector does not take it
   */
  public static String grant(
      Path data, Path wrappingKey, Request request, CollectorClient collector)
      throws KeyException, IOException, InterruptedException {
    return grant(Installation.open(data, wrappingKey), request, collector);
  }

  /**
   * Signs and delivers with the keys of {@code installation}; answers the delegation's id.
   *
   * @throws KeyException when the human's key cannot be used
   * @throws IOException when the root is not at hand, or the collector does not take it
   */
  public static String grant(Installation installation, Request request, CollectorClient collector)
      throws KeyException, IOException, InterruptedException {
    Instant now = Instant.now();
    Installation.EnrolledHuman human = installation.enrol(request.human(), now);
    byte[] random = new byte[ID_BYTES];
    RANDOM.nextBytes(random);
    String id = "dlg-" + HexFormat.of().formatHex(random);
    Delegation delegation =
        new Delegation(
            id,
            request.human(),
            request.delegate(),
            new Scope(List.of(new Scope.Grant(request.actions(), request.resources()))),
            now,
            request.notBefore(),
            request.expiresAt(),
            request.purpose(),
            0);
    collector.delegation(human.signer().sign(delegation), human.certificate());
    return id;
  }
}
