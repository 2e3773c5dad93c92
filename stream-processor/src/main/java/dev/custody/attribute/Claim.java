package dev.custody.attribute;

import dev.custody.attribution.Candidate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody says: within this span, who carries this token is me.
 *
 * @param id computed from what is claimed and by whom; a later claim of one id replaces the earlier
 * @param token KIND:value of an identifier
 * @param start start of the span, inclusive
 * @param end end of the span, inclusive
 * @param observedAt when it became known
 * @param candidate who, with grade and reasons
 * @param mentions lower-case text of the command, by which equal claims are ranked
 * @param reported what was reported, where the token is only a prefix of it
 * @param withdrawn true when the claim no longer holds
 */
public record Claim(
    String id,
    String token,
    Instant start,
    Instant end,
    Instant observedAt,
    Candidate candidate,
    String mentions,
    @Nullable String reported,
    boolean withdrawn) {}
