/**
 * What git repositories tell: where work happens and under which name, and each new commit and
 * moved branch.
 *
 * <p>Invariant: a watched repository is hostile input and is only read. Nothing is written into it,
 * no program, hook or filter that it names is run, and a commit is forgotten as news only after it
 * is durably recorded.
 *
 * <p>Allowed neighbours: {@code capture}, {@code sighting}, {@code redact}, {@code source}, {@code
 * event}, {@code signing}, Jackson. The only importer of JGit.
 */
@NullMarked
package dev.custody.source.git;

import org.jspecify.annotations.NullMarked;
