/**
 * What a shell would run when it is given a text: POSIX sh and the common parts of bash.
 *
 * <p>{@link dev.custody.shell.Shell} reads a text to a {@link dev.custody.shell.Script}: pipelines
 * of {@link dev.custody.shell.Command}s and groups of them. What a command has others run is read
 * as well and hangs below it: substitutions in its {@link dev.custody.shell.Word}s; the scripts of
 * {@code bash -c}, {@code eval}, {@code ssh} and the commands of {@code xargs} and {@code find
 * -exec} as {@link dev.custody.shell.Nested}; the programs of {@code python -c} and their like as
 * {@link dev.custody.shell.InlineProgram}. Which programs only start another one stands in {@code
 * wrappers.txt} beside this package's classes.
 *
 * <p><b>Invariant.</b> Reading is total: any text is read, none makes it throw, and the cost is
 * bounded (characters, commands, words, depth; see {@link dev.custody.shell.Shell}). What is beyond
 * a bound is left out and {@link dev.custody.shell.Script#partlyRead} says so. Nothing is executed,
 * looked up or expanded: a word says what stands in it, not what it becomes.
 *
 * <p><b>Neighbours.</b> Imports nothing of the project.
 */
@NullMarked
package dev.custody.shell;

import org.jspecify.annotations.NullMarked;
