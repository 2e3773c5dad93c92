package dev.custody.http;

import dev.custody.source.delegation.DelegationSource;
import dev.custody.source.registration.RegistrationSource;
import dev.custody.source.revocation.RevocationSource;

/**
 * What concerns keys. Nothing here is believed because of who sends it: each is signed, or is the
 * collector's own.
 *
 * @param delegations takes those that humans sign
 * @param agents takes statements on agents that humans sign
 * @param revocations takes those that a root signs
 * @param reload looks for a new key
 */
public record KeyRoutes(
    DelegationSource delegations,
    RegistrationSource agents,
    RevocationSource revocations,
    KeyReload reload) {}
