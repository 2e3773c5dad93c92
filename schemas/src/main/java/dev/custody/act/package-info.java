/**
 * What a command or a call of an agent's tool does, in words that are the same whatever program or
 * tool does it: {@code cat .env}, {@code Read .env}, {@code python -c 'open(".env")'} and {@code
 * grep KEY .env} are all {@code reads-secret-file}.
 *
 * <p>{@link dev.custody.act.Acts} is the answer, {@link dev.custody.act.ActName} the vocabulary.
 * What programs, tools, files and hosts are stands in the tables beside this package's classes
 * ({@code commands.txt}, {@code tools.txt}, {@code files.txt}, {@code hosts.txt}, {@code
 * calls.txt}, {@code harmless.txt}), each of which says how it is read.
 *
 * <p><b>Invariant.</b> Pure, total and bounded: the same text gives the same acts in the same
 * order, and nothing is looked up or executed. An act says what was asked for, not that it
 * succeeded. What only mentions a secret (a message, a here-document, a search in documents) reads
 * none.
 *
 * <p><b>Neighbours.</b> Knows {@link dev.custody.shell} and Jackson's tree.
 */
@NullMarked
package dev.custody.act;

import org.jspecify.annotations.NullMarked;
