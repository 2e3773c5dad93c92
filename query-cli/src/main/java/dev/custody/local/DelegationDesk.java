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
import org.jspecify.annotations.Nullable;

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
   * @param maxDepth how many further hops the agent may hand it on; 0 for none
   * @param session the only agent session that it is for; null for any
   */
  public record Request(
      String human,
      SpiffeId delegate,
      List<String> actions,
      List<String> resources,
      Instant notBefore,
      Instant expiresAt,
      String purpose,
      int maxDepth,
      @Nullable String session) {
    /** Whole seconds: a token knows no others. */
    public Request {
      actions = List.copyOf(actions);
      resources = List.copyOf(resources);
      notBefore = notBefore.truncatedTo(ChronoUnit.SECONDS);
      expiresAt = expiresAt.truncatedTo(ChronoUnit.SECONDS);
    }

    /** For any session, and for sub-agents of the agent, but no deeper. */
    public Request(
        String human,
        SpiffeId delegate,
        List<String> actions,
        List<String> resources,
        Instant notBefore,
        Instant expiresAt,
        String purpose) {
      this(human, delegate, actions, resources, notBefore, expiresAt, purpose, 1, null);
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
    String id = fresh("dlg-");
    Delegation delegation =
        new Delegation(
            id,
            request.human(),
            request.human(),
            List.of(request.delegate()),
            new Scope(List.of(new Scope.Grant(request.actions(), request.resources()))),
            now,
            request.notBefore(),
            request.expiresAt(),
            request.purpose(),
            request.maxDepth(),
            request.session(),
            null);
    collector.delegation(human.signer().sign(delegation), human.certificate());
    return id;
  }

  /**
   * Signs a revocation with the keys of {@code installation} and delivers it; answers its id.
   *
   * @param human who granted {@code delegation}
   * @param reason why; may be empty
   * @throws KeyException when the human's key cannot be used
   * @throws IOException when the root is not at hand, or the collector does not take it
   */
  public static String revoke(
      Installation installation,
      String human,
      String delegation,
      String reason,
      CollectorClient collector)
      throws KeyException, IOException, InterruptedException {
    Instant now = Instant.now();
    Installation.EnrolledHuman enrolled = installation.enrol(human, now);
    String id = fresh("rev-");
    collector.delegation(
        enrolled.signer().sign(new Delegation.Revocation(id, human, delegation, now, reason)),
        enrolled.certificate());
    return id;
  }

  private static String fresh(String prefix) {
    byte[] random = new byte[ID_BYTES];
    RANDOM.nextBytes(random);
    return prefix + HexFormat.of().formatHex(random);
  }
}
