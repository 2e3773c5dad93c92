/** To be described. */
@NullMarked
package dev.custody.sigma;

import org.jspecify.annotations.NullMarked;
