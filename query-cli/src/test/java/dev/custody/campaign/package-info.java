/**
 * The tamper campaign: clean logs made from a seed, what attackers do to them, and whether the
 * verifier says what it is declared to say. {@code docs/threat-model.md} is its table.
 *
 * <p>Invariant: an operator declares its verdicts before it is applied, and whatever else the
 * verifier says fails the campaign: silence, another verdict, another first position, an exception,
 * a hang. A mutation that changes nothing is counted and never judged.
 *
 * <p>Neighbours: imports {@code audit} and the contract (schemas); nothing imports it.
 */
@NullMarked
package dev.custody.campaign;

import org.jspecify.annotations.NullMarked;
