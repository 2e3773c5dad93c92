/**
 * Finds secrets and replaces each by a marker, before anything is signed or stored.
 *
 * <p>An immutable log must never hold a secret: what {@link dev.custody.redact.Redactor} lets
 * through can't be taken back. So a doubtful value is redacted, not kept, and a marker carries only
 * its kind and a keyed fingerprint.
 *
 * <p>Invariant: redacting is idempotent, linear in the length of the text, and leaves identifiers
 * alone (access key ids, ARNs, commit ids, the agents' own ids), for attribution needs them. No
 * secret occurs in a finding, in a JSON pointer or in an exception's message.
 *
 * <p>Allowed neighbours: Jackson's tree model. This package knows neither events nor keys; the
 * caller gives the {@link dev.custody.redact.Fingerprint}.
 */
@NullMarked
package dev.custody.redact;

import org.jspecify.annotations.NullMarked;
