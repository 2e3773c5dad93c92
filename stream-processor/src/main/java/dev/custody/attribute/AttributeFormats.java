package dev.custody.attribute;

import dev.custody.wire.RecordFormat;

/**
 * Records that travel between, and lie in the stores of, the steps of attribution. They may change
 * with any release.
 */
public final class AttributeFormats {
  /** To a token's partition. */
  public static final RecordFormat<TokenMessage> TOKEN_MESSAGE =
      of(TokenMessage.class, "token-message.avsc");

  /** To an event's partition. */
  public static final RecordFormat<EventMessage> EVENT_MESSAGE =
      of(EventMessage.class, "event-message.avsc");

  /** To a human's partition. */
  public static final RecordFormat<ActorMessage> ACTOR_MESSAGE =
      of(ActorMessage.class, "actor-message.avsc");

  /** In the store of answers. */
  public static final RecordFormat<Gathered> GATHERED = of(Gathered.class, "gathered.avsc");

  /** In the store of claims. */
  public static final RecordFormat<Claim> CLAIM = of(Claim.class, "claim.avsc");

  /** In the store of asks. */
  public static final RecordFormat<Ask> ASK = of(Ask.class, "ask.avsc");

  /** In the store of grants. */
  public static final RecordFormat<Grant> GRANT = of(Grant.class, "grant.avsc");

  /** In the store of endings. */
  public static final RecordFormat<Ending> ENDING = of(Ending.class, "ending.avsc");

  private AttributeFormats() {}

  private static <T> RecordFormat<T> of(Class<T> type, String resource) {
    return RecordFormat.of(type, AttributeFormats.class, resource);
  }
}
