/**
 * What happens in the made-up organisation, a class for each kind of happening: each writes what
 * the sources see, and enters the truth.
 */
@NullMarked
package dev.custody.accuracy.scenario;

import org.jspecify.annotations.NullMarked;
