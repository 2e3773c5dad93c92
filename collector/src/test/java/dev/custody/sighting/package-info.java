@NullMarked
package dev.custody.sighting;

import org.jspecify.annotations.NullMarked;
