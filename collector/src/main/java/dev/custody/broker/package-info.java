/**
 * Hands an agent's session short credentials of AWS, of no more authority and for no longer than
 * its delegation says.
 *
 * <p>Invariants: what is handed out was recorded before, durably; a secret key or a session token
 * is in the answer and nowhere else: in no event, log, message or file. Nothing of the AWS SDK is
 * loaded before the first credential is asked for.
 *
 * <p>Neighbours: the only importer of the AWS SDK; imports {@code capture}, {@code sighting},
 * {@code redact}, {@code event}, {@code identity} and {@code delegations}. {@code http} serves it.
 */
@NullMarked
package dev.custody.broker;

import org.jspecify.annotations.NullMarked;
