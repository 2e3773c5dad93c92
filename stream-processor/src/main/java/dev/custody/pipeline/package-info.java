/**
 * How the records of other systems show themselves to rules that others wrote: the log sources that
 * an event has, and the names by which public rules ask for its fields.
 *
 * <p>{@link dev.custody.pipeline.Pipelines} holds one {@link dev.custody.pipeline.Pipeline} for
 * each kind of source that needs one; they are the files beside this package's resources in {@code
 * dev/custody/pipelines}, and part of the digest of each rule set.
 *
 * <p><b>Invariant.</b> A pipeline only adds names: what a record says stays to be found under the
 * record's own names. A name of which nothing is known is the record's own.
 *
 * <p><b>Neighbours.</b> Imports {@code dev.custody.sigma}, YAML, and Jackson's tree only.
 */
@NullMarked
package dev.custody.pipeline;

import org.jspecify.annotations.NullMarked;
