/** To be described. */
@NullMarked
package dev.custody.digest;

import org.jspecify.annotations.NullMarked;
