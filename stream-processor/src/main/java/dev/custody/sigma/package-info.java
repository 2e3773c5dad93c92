/**
 * Sigma rules (specification 2.1.0): what a rule file may say, and whether one event matches it.
 *
 * <p>From outside in: {@link dev.custody.sigma.LoadedRules} loads files; {@link
 * dev.custody.sigma.RuleSet} matches events; {@link dev.custody.sigma.SigmaRule} is one rule,
 * {@link dev.custody.sigma.Correlation} says what the matches of several mean together; {@link
 * dev.custody.sigma.Detection} is its compiled search; {@link dev.custody.sigma.FieldSource} is how
 * an event shows itself to a rule, and {@link dev.custody.sigma.JsonFields} that view of a JSON
 * tree.
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
 *   <li>{@code minute} to {@code year} read ISO 8601 times as they are written, in no other time
 *       zone; they may be compared ({@code hour|gte: 20});
 *   <li>{@code fieldref} may be followed by {@code contains}, {@code startswith} and {@code
 *       endswith}, as in pySigma: the value of the field holds a value of the other;
 *   <li>the names of placeholders may have hyphens, as public rules have them; a placeholder
 *       without values refuses the rule;
 *   <li>{@code re} searches (write {@code ^} and {@code $} to anchor) in linear time (RE2); a
 *       pattern that needs backtracking is an error. {@code $} without {@code m} is the end of the
 *       text only, and {@code \s} has no vertical tab. Of a value over 256 Ki characters, fewer for
 *       large patterns, the beginning and the end are searched;
 *   <li>an {@code id} or a {@code name} is required, because a finding cites it; {@code scope} and
 *       a foreign {@code taxonomy} are refused, because nothing here can evaluate them.
 * </ul>
 *
 * <p>Of correlations it chooses:
 *
 * <ul>
 *   <li>references are ids or names, in any file and order; one that nothing has refuses that
 *       correlation alone; each document of a circle is refused; a chain is 8 deep at most;
 *   <li>an alias must name a field of every rule of the correlation; the match of a correlation
 *       carries its own {@code group-by} and no other field;
 *   <li>months and years are no timespans; 90 days is the longest;
 *   <li>{@code value_percentile} compares the share of a value among all, in percent, and with
 *       {@code percentile} that percentile of the numbers;
 *   <li>of temporal types the condition may be {@code a and not b}, an extension.
 * </ul>
 *
 * <p>Filter documents are not supported yet.
 *
 * <p><b>Neighbours.</b> Imports nothing of the project; YAML, RE2/J and Jackson's tree only.
 */
@NullMarked
package dev.custody.sigma;

import org.jspecify.annotations.NullMarked;
