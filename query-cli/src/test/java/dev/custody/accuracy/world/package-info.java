/**
 * The people, machines and credentials of a made-up organisation, and the truth about it.
 *
 * <p><b>Invariant.</b> All chance comes from one seed.
 */
@NullMarked
package dev.custody.accuracy.world;

import org.jspecify.annotations.NullMarked;
