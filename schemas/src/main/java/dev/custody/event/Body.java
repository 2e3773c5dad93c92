package dev.custody.event;

import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.digest.KeyId;
import dev.custody.digest.SignatureBytes;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of event. Texts (prompts, commands, results) are in {@link Event#content()}, never
 * here, so that they can be withheld.
 */
public sealed interface Body {
  /** Name of the kind, the same on the wire, in the index and on the command line. */
  default String name() {
    return getClass().getSimpleName();
  }

  /**
   * Sequence 0 of every chain: a collector started.
   *
   * @param certificate signedCertificate of the collector, single-object encoded
   * @param predecessor null on the very first start
   * @param predecessorUnknown true when there was a predecessor whose end is not known
   * @param software name and version of the collector
   */
  public record Genesis(
      Bytes certificate,
      @Nullable Predecessor predecessor,
      boolean predecessorUnknown,
      String software)
      implements Body {}

  /**
   * The collector is alive.
   *
   * @param captured events captured since start
   * @param refused requests refused since start
   * @param spooled envelopes not yet acknowledged by Kafka
   */
  public record CollectorHeartbeat(long captured, long refused, long spooled) implements Body {}

  /**
   * An orderly stop: nothing follows in this chain.
   *
   * @param lastSequence the position before this one
   * @param lastLink link hash at that position
   */
  public record CollectorStopped(long lastSequence, Digest lastLink) implements Body {}

  /**
   * From the next event on, another key seals this chain.
   *
   * @param certificate signedCertificate of the new key
   */
  public record KeyRotated(Bytes certificate) implements Body {}

  /**
   * The root no longer trusts a key after a position.
   *
   * @param key the revoked key
   * @param chain the chain
   * @param lastTrustedSequence last position trusted
   * @param lastTrustedLink link hash there
   * @param reason why
   * @param rootKey root key that signed
   * @param signature over the revocation statement
   */
  public record KeyRevoked(
      KeyId key,
      ChainId chain,
      long lastTrustedSequence,
      Digest lastTrustedLink,
      String reason,
      KeyId rootKey,
      SignatureBytes signature)
      implements Body {}

  /**
   * An agent session began.
   *
   * @param how for example startup, resume, clear
   * @param model model, where told
   */
  public record SessionStarted(@Nullable String how, @Nullable String model) implements Body {}

  /**
   * An agent session ended.
   *
   * @param reason as the agent said
   */
  public record SessionEnded(@Nullable String reason) implements Body {}

  /**
   * A prompt was given to the agent; its text is in content.
   *
   * @param origin who submitted it
   */
  public record PromptSubmitted(PromptOrigin origin) implements Body {}

  /**
   * The agent is about to run a tool.
   *
   * @param tool name of the tool
   */
  public record ToolCallRequested(String tool) implements Body {}

  /**
   * A permission was asked or answered.
   *
   * @param tool name of the tool
   * @param decision as the source said; null when only asked
   * @param decidedBy who decided, as the source said
   */
  public record ToolCallDecided(String tool, @Nullable String decision, @Nullable String decidedBy)
      implements Body {}

  /**
   * A tool ended; outcome says how.
   *
   * @param tool name of the tool
   * @param durationMillis run time in milliseconds
   */
  public record ToolCallCompleted(String tool, @Nullable Long durationMillis) implements Body {}

  /**
   * A tool call that was not allowed to run.
   *
   * @param tool name of the tool
   * @param refusedBy what refused it: permission-rule, hook, user
   */
  public record ToolCallRefused(String tool, String refusedBy) implements Body {}

  /**
   * A sub-agent began.
   *
   * @param subAgent its identifier
   * @param type its type
   */
  public record SubagentStarted(String subAgent, @Nullable String type) implements Body {}

  /**
   * A sub-agent ended.
   *
   * @param subAgent its identifier
   * @param type its type
   */
  public record SubagentEnded(String subAgent, @Nullable String type) implements Body {}

  /**
   * A secret was seen, and replaced, in another event.
   *
   * @param kind kind of secret
   * @param fingerprint keyed fingerprint
   * @param location JSON pointer in that event's source record
   * @param seenIn the event it was seen in
   */
  public record SecretObserved(String kind, String fingerprint, String location, EventId seenIn)
      implements Body {}

  /**
   * A credential was asked for.
   *
   * @param provider for example aws
   * @param target what it was asked for, for example a role
   * @param requestedBy by whom, as the request says
   */
  public record CredentialRequested(String provider, String target, @Nullable String requestedBy)
      implements Body {}

  /**
   * Somebody was given a credential.
   *
   * @param credential the credential's public identifier
   * @param issuer who issued it
   * @param parent the credential it descends from
   * @param issuedTo to whom
   * @param expiresAt when it ends
   * @param recordedIn the event that shows the issue
   * @param authority what it may do at most, for example the ARN of a role
   * @param policy what narrows it, for example the session policy as JSON
   */
  public record CredentialIssued(
      Identifier credential,
      String issuer,
      @Nullable Identifier parent,
      @Nullable String issuedTo,
      @Nullable Instant expiresAt,
      @Nullable EventId recordedIn,
      @Nullable String authority,
      @Nullable String policy)
      implements Body {}

  /**
   * A credential was used, as the issuer or broker saw it.
   *
   * @param credential the credential's public identifier
   * @param usedBy by whom
   * @param sourceAddress from where
   */
  public record CredentialUsed(
      Identifier credential, @Nullable String usedBy, @Nullable String sourceAddress)
      implements Body {}

  /**
   * A credential was ended before its time.
   *
   * @param credential the credential's public identifier
   * @param reason why
   * @param effectiveAt from when on the provider refuses it; null when the provider cannot end it
   * @param expiresAt when it ends by itself
   */
  public record CredentialRevoked(
      Identifier credential,
      @Nullable String reason,
      @Nullable Instant effectiveAt,
      @Nullable Instant expiresAt)
      implements Body {}

  /**
   * A cloud provider recorded an API call.
   *
   * @param provider for example aws
   * @param account account or project
   * @param region region
   * @param principal principal as the provider names it
   * @param principalType for example IAMUser, AssumedRole
   * @param sourceAddress address the call came from
   * @param userAgent as sent by the client; anybody can spoof it
   * @param errorCode null when it succeeded
   * @param readOnly as the provider says
   * @param issuedCredential credential that the response handed out
   * @param issuedUntil when that credential ends
   */
  public record CloudCall(
      String provider,
      @Nullable String account,
      @Nullable String region,
      @Nullable String principal,
      @Nullable String principalType,
      @Nullable String sourceAddress,
      @Nullable String userAgent,
      @Nullable String errorCode,
      @Nullable Boolean readOnly,
      @Nullable Identifier issuedCredential,
      @Nullable Instant issuedUntil)
      implements Body {}

  /**
   * A commit appeared in a watched repository.
   *
   * @param repository path or address of the repository
   * @param commit full object id, hex
   * @param parents full ids of the parents
   * @param authorName as the commit says
   * @param authorEmail as the commit says
   * @param committerEmail as the commit says
   * @param authoredAt as the commit says
   * @param committedAt as the commit says
   * @param reference reference that led to it
   * @param paths changed paths, at most 200
   * @param omittedPaths how many more changed
   * @param signed whether the commit carries a signature
   * @param signatureStatus what git said of the signature; null where it was not asked
   */
  public record CommitCreated(
      String repository,
      String commit,
      List<String> parents,
      String authorName,
      String authorEmail,
      String committerEmail,
      Instant authoredAt,
      Instant committedAt,
      @Nullable String reference,
      List<String> paths,
      int omittedPaths,
      boolean signed,
      @Nullable String signatureStatus)
      implements Body {
    public CommitCreated {
      parents = List.copyOf(parents);
      paths = List.copyOf(paths);
    }
  }

  /**
   * A reference of a watched repository moved.
   *
   * @param repository path or address of the repository
   * @param reference for example refs/heads/main
   * @param before null when it was created
   * @param after null when it was deleted
   * @param forced true when the old tip is no ancestor of the new one
   * @param cause how it moved, as the reflog says: commit, push, reset, rebase, ...
   */
  public record ReferenceUpdated(
      String repository,
      String reference,
      @Nullable String before,
      @Nullable String after,
      boolean forced,
      @Nullable String cause)
      implements Body {}

  /**
   * An agent was registered.
   *
   * @param spiffeId SPIFFE ID
   * @param product product
   * @param registeredBy human
   * @param token the signed JWT that registers it; empty in events of the first schema
   * @param certificate signedCertificate of the human's key; empty in events of the first schema
   */
  public record AgentRegistered(
      String spiffeId, String product, String registeredBy, String token, Bytes certificate)
      implements Body {}

  /**
   * An agent was retired: it is expected no more.
   *
   * @param spiffeId SPIFFE ID
   * @param retiredBy human
   * @param token the signed JWT that retires it
   * @param certificate signedCertificate of the human's key
   */
  public record AgentRetired(String spiffeId, String retiredBy, String token, Bytes certificate)
      implements Body {}

  /**
   * A human delegated to an agent.
   *
   * @param id delegation id, the JWT's jti
   * @param token the signed JWT
   * @param certificate signedCertificate of the signer's key
   * @param parents the steps above it, the human's own first; empty for a human's own grant
   */
  public record DelegationGranted(String id, String token, Bytes certificate, List<Hop> parents)
      implements Body {
    public DelegationGranted {
      parents = List.copyOf(parents);
    }
  }

  /**
   * A delegation was ended before its expiry.
   *
   * @param id delegation id
   * @param token the signed JWT that revokes it
   * @param certificate signedCertificate of the human's key
   */
  public record DelegationRevoked(String id, String token, Bytes certificate) implements Body {}

  /**
   * The collector judged a tool call against a delegation.
   *
   * @param tool name of the tool
   * @param mode observe or enforce
   * @param verdict what was, or would have been, decided
   * @param rule what decided
   * @param decidedBy delegation, user or configuration
   * @param answer what the agent was answered: proceed or deny; empty in events of the first schema
   * @param reason why, in the words that the agent reads; empty in events of the first schema
   */
  public record PolicyDecision(
      String tool,
      String mode,
      String verdict,
      @Nullable String rule,
      String decidedBy,
      String answer,
      String reason)
      implements Body {}

  /**
   * Settings of an agent changed.
   *
   * @param what which settings
   * @param path file
   */
  public record ConfigurationChanged(@Nullable String what, @Nullable String path)
      implements Body {}

  /**
   * A detection rule set came into force.
   *
   * @param digest digest of the rule set
   * @param rules rule ids
   */
  public record RulesLoaded(Digest digest, List<String> rules) implements Body {
    public RulesLoaded {
      rules = List.copyOf(rules);
    }
  }

  /**
   * A record of a known source whose kind has no body of its own; nothing is dropped.
   *
   * @param kind the source's name of the kind
   */
  public record Observed(String kind) implements Body {}

  /**
   * An agent's hook that found no collector: only its name, session and time are known.
   *
   * @param hook name of the hook
   */
  public record HookMissed(String hook) implements Body {}

  /**
   * A tool provider said which tools it has.
   *
   * @param provider name of the provider, for example of an MCP server
   * @param version its version
   * @param tools what it has
   */
  public record ToolsListed(String provider, @Nullable String version, List<DescribedTool> tools)
      implements Body {
    public ToolsListed {
      tools = List.copyOf(tools);
    }
  }

  /**
   * A git note says something of a commit.
   *
   * @param repository path of the repository
   * @param commit full object id, hex
   * @param notes reference of the notes, for example refs/notes/ai
   * @param note object id of the note; null when it was removed
   */
  public record CommitAnnotated(
      String repository, String commit, String notes, @Nullable String note) implements Body {}

  /** Who submitted it. */
  public enum PromptOrigin {
    HUMAN,
    NOTIFICATION,
    UNKNOWN
  }

  /**
   * The chain that this collector wrote before.
   *
   * @param chain its chain
   * @param sequence last position durable at the collector
   * @param link link hash at that position
   */
  public record Predecessor(ChainId chain, long sequence, Digest link) {}

  /**
   * One signed step of a delegation.
   *
   * @param token the signed JWT
   * @param certificate signedCertificate of the signer's key
   */
  public record Hop(String token, Bytes certificate) {}

  /**
   * A tool as its provider describes it.
   *
   * @param name its name
   * @param description SHA-256 of its redacted description and input schema: another one shows that
   *     the provider changed what agents are told
   */
  public record DescribedTool(String name, Digest description) {}
}
