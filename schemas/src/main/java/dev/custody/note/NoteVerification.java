package dev.custody.note;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One known key has signed the note.
 *
 * @param key the key
 * @param time of a cosignature, when the witness says it saw the checkpoint; null where it does not
 *     say
 */
public record NoteVerification(VerifierKey key, @Nullable Instant time) {}
