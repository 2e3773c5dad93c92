package dev.custody.enforce;

import dev.custody.attribution.DelegationVerdict;
import dev.custody.delegations.RecordedDelegation;
import org.jspecify.annotations.Nullable;

/**
 * How one act stands to the delegations.
 *
 * @param act the act
 * @param verdict the verdict that the stream gives it as well
 * @param allowed whether it may go on where the policy is enforced
 * @param by the delegation that decided; null where none did
 * @param reason why, for whoever reads the agent's words
 */
record Judged(
    Act act,
    DelegationVerdict verdict,
    boolean allowed,
    @Nullable RecordedDelegation by,
    String reason) {}
