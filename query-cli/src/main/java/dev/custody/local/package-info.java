/** To be described. */
@NullMarked
package dev.custody.local;

import org.jspecify.annotations.NullMarked;
