/**
 * The query language: the words and filters of the command line as a sealed tree of conditions;
 * {@code docs/query.md} documents it.
 *
 * <p>Invariant: a query says what is asked, never how it is looked up; whatever cannot be
 * understood is a {@link dev.custody.query.QuerySyntaxException} that names the word and what was
 * expected instead.
 *
 * <p>Neighbours: imports {@code event} and {@code attribution} of schemas. Knows neither Lucene nor
 * the command line's library.
 */
@NullMarked
package dev.custody.query;

import org.jspecify.annotations.NullMarked;
