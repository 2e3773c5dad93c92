/**
 * Sigma rules (specification 2.1.0): what a rule file may say, and whether one event matches it.
 *
 * <p>From outside in: {@link dev.custody.sigma.RuleSet} loads files and matches events; {@link
 * dev.custody.sigma.SigmaRule} is one rule; {@link dev.custody.sigma.Detection} is its compiled
 * search; {@link dev.custody.sigma.FieldSource} is how an event shows itself to a rule, and {@link
 * dev.custody.sigma.JsonFields} that view of a JSON tree.
 *
 * <p><b>Invariant.</b> A rule that loads means exactly what the specification says; everything that
 * is not supported is a {@link dev.custody.sigma.RuleError} with its file and line, never a part
 * that is silently skipped. Matching is total: no event, however malformed, makes it throw, and no
 * pattern costs more than the product of the lengths of pattern and value.
 *
 * <p><b>Where the specification leaves a choice</b>, this package chooses:
 *
 * <ul>
 *   <li>values are compared as text: {@code 517} equals {@code "517"}, {@code true} equals {@code
 *       'true'}; a number in a rule is the text that was written;
 *   <li>of an array, one element that matches is enough; with {@code all}, each value of the rule
 *       may find its own element;
 *   <li>{@code null} matches a field that is absent or null; {@code neq} is plain negation, so an
 *       absent field differs;
 *   <li>a keyword is searched inside every value of the event, not across values or in field names;
 *   <li>{@code re} searches (write {@code ^} and {@code $} to anchor) in linear time (RE2); a
 *       pattern that needs backtracking is an error;
 *   <li>{@code id} and {@code level} are required, because a finding cites them; {@code scope} and
 *       a foreign {@code taxonomy} are refused, because nothing here can evaluate them.
 * </ul>
 *
 * <p>Correlation and filter documents, time modifiers and placeholders are not supported yet.
 *
 * <p><b>Neighbours.</b> Imports nothing of the project; YAML, RE2/J and Jackson's tree only.
 */
@NullMarked
package dev.custody.sigma;

import org.jspecify.annotations.NullMarked;
